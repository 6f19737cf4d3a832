using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>An operation with its times; or a forward and a backward that one device carries out together.</summary>
/// <param name="Op" example="forward"><c>forward</c>, <c>backwardInput</c>, <c>backwardWeight</c>, <c>backward</c> (both fused), <c>recompute</c>,
/// <c>send</c> (of an
/// output) and <c>sendGradient</c> on a link's lane, <c>overlapped</c>, which has a forward and a backward in the place of stage and microbatch, or
/// <c>fill</c>, a piece of an item of other work, whose number stands in the place of a microbatch.</param>
/// <param name="Pipe">The pipe, for placements of two.</param>
/// <param name="Stage" example="0">The stage, from 0.</param>
/// <param name="Microbatch" example="0">The microbatch, from 0.</param>
/// <param name="Slice">The slice of the microbatch, from 0, where microbatches are sliced.</param>
/// <param name="Item">The item of the profile's <c>fill</c> that it is a piece of.</param>
/// <param name="Lane" example="link to 1">What carries it out beside the device itself: a link, where messages travel one at a time.</param>
/// <param name="Forward">The forward of an overlapped pair.</param>
/// <param name="Backward">The backward of an overlapped pair: both gradients.</param>
/// <param name="Start" example="0">Its start.</param>
/// <param name="End" example="1">Its end.</param>
internal readonly record struct OperationAnswer(
    string Op, int? Pipe, int? Stage, int? Microbatch, int? Slice, string? Item, string? Lane, HalfAnswer? Forward, HalfAnswer? Backward, decimal Start,
    decimal End)
{
    /// <summary>The operations of a device by their start, those of each of its lanes in execution order.</summary>
    public static IEnumerable<OperationAnswer> On(Timeline timeline, int device)
    {
        var lanes = timeline.Graph.LanesOf(device).ToList();
        return lanes.Count == 1 ? OnLane(timeline, lanes[0]) : Merged([.. lanes.Select(lane => OnLane(timeline, lane))]);
    }

    private static IEnumerable<OperationAnswer> Merged(List<IEnumerable<OperationAnswer>> lanes)
    {
        var next = new PriorityQueue<IEnumerator<OperationAnswer>, (decimal Start, int Lane)>();
        for (var lane = 0; lane < lanes.Count; lane++) Advance(lanes[lane].GetEnumerator(), lane);
        while (next.TryDequeue(out var operations, out var turn))
        {
            yield return operations.Current;
            Advance(operations, turn.Lane);
        }

        void Advance(IEnumerator<OperationAnswer> operations, int lane)
        {
            if (operations.MoveNext()) next.Enqueue(operations, (operations.Current.Start, lane));
        }
    }

    private static IEnumerable<OperationAnswer> OnLane(Timeline timeline, int lane)
    {
        var order = timeline.Schedule.OrderOf(lane).ToArray();
        for (var position = 0; position < order.Length; position++)
        {
            var first = order[position];
            // The backward of a pair stands next and takes no time of its own: the pair is the forward's.
            int? second = timeline.Graph.Operations[first].BeginsPair ? order[++position] : null;
            yield return Of(timeline, first, second);
        }
    }

    /// <summary>An operation, or a pair.</summary>
    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="index">The operation, or the forward of the pair.</param>
    /// <param name="second">The backward of the pair; null where there is none.</param>
    internal static OperationAnswer Of(Timeline timeline, int index, int? second)
    {
        var (problem, graph) = (timeline.Schedule.Problem, timeline.Graph);
        var operation = graph.Operations[index];
        var (start, end) = (problem.TimeScale.FromTicks(timeline.StartOf(index)), problem.TimeScale.FromTicks(timeline.EndOf(index)));
        int? pipe = problem.Placement.Pipes > 1 ? operation.Pipe : null;
        if (second is { } other)
        {
            var backward = graph.Operations[other];
            return new(
                ClaimedOperation.Pair, null, null, null, null, null, null, HalfAnswer.Of(operation, pipe),
                HalfAnswer.Of(backward, pipe is null ? null : backward.Pipe), start, end);
        }

        var lane = graph.LaneOf[index];
        return new(
            operation.Facts.Name, pipe, operation.Stage, operation.Microbatch, problem.SliceCount > 1 ? operation.Slice : null, operation.Item,
            lane == OperationGraph.NoLane || graph.IsCompute(lane) ? null : graph.Lanes[lane].Name, null, null, start, end);
    }
}
