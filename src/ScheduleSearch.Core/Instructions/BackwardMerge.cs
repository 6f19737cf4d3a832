using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions;

/// <summary>
/// Fuses the two halves of a backward where they stand side by side and the objective stays what it is. A fused backward sends its
/// gradient only after the weight gradient, so a pair is fused only when that later gradient still comes before the latest start of
/// whatever waits for it.
/// </summary>
/// <remarks>
/// Latest starts are those of the order as it was, counted back from the end (for the span: from the end of each device's own
/// window). Going through the operations in order, with starts recomputed for what is fused so far, every start stays at or before its
/// latest one, so the objective cannot grow. The first stage's gradient goes nowhere: its pairs are always fused.
/// </remarks>
internal sealed class BackwardMerge
{
    private const int None = -1;

    private readonly Timeline _timeline;
    private readonly OperationGraph _graph;
    private readonly LaneSequence _lanes;
    private readonly int[] _nextOnLane;
    private readonly long[] _latestStarts;
    private readonly bool[] _fused;

    private BackwardMerge(Timeline timeline)
    {
        (_timeline, _graph) = (timeline, timeline.Graph);
        _lanes = new LaneSequence(timeline.Schedule);
        _nextOnLane = new int[_graph.Count];
        Array.Fill(_nextOnLane, None);
        foreach (var operation in _lanes.Operations)
        {
            if (_lanes.PreviousOnLane(operation) is var previous and not None) _nextOnLane[previous] = operation;
        }

        _latestStarts = LatestStarts();
        _fused = new bool[_graph.Count];
    }

    /// <summary>The timeline with every pair fused that can be without loss. Cost: linear in operations and dependencies.</summary>
    /// <exception cref="BrokenStreamException">The fused order is worse than the one given: a defect.</exception>
    public static Timeline Of(Timeline timeline)
    {
        var merge = new BackwardMerge(timeline);
        merge.Fuse();
        var fused = timeline.WithOrders(merge.Orders());
        var (before, after) = (ScheduleMetrics.Of(timeline).Objective, ScheduleMetrics.Of(fused).Objective);
        if (after <= before) return fused;
        // Where lanes beside the devices' serve what is ready first, a gradient that comes later may meet another order there.
        return fused.IsOnDevicesAlone ? timeline : throw new BrokenStreamException($"Fusing backwards raised the objective from {before} to {after} ticks.");
    }

    private long[] LatestStarts()
    {
        var objective = ScheduleMetrics.Of(_timeline).Objective;
        var ofMakespan = _timeline.Schedule.Problem.Objective == Objective.Makespan;
        var latest = new long[_graph.Count];
        var windowEnds = new long[_graph.Lanes.Count];
        for (var lane = 0; lane < windowEnds.Length; lane++)
            windowEnds[lane] = objective + (ofMakespan || _timeline.Schedule.OrderOf(lane) is not [var first, ..] ? 0 : _timeline.StartOf(first));

        for (var position = latest.Length - 1; position >= 0; position--)
        {
            var operation = _lanes.Operations[position];
            var end = _graph.LaneOf[operation] is var lane and not OperationGraph.NoLane ? windowEnds[lane] : long.MaxValue;
            if (_nextOnLane[operation] is var next and not None) end = Math.Min(end, latest[next]);
            foreach (var (dependent, lag) in _graph.DependentsOf(operation)) end = Math.Min(end, latest[dependent] - lag);
            latest[operation] = end - _graph.Durations[operation];
        }

        return latest;
    }

    private void Fuse()
    {
        var ends = new long[_graph.Count];
        foreach (var operation in _lanes.Operations)
        {
            var previous = _lanes.PreviousOnLane(operation);
            if (previous != None && _fused[previous])
            {
                ends[operation] = ends[previous];
                continue;
            }

            var start = previous == None ? _timeline.StartOf(operation) : ends[previous];
            foreach (var (dependency, lag) in _graph.DependenciesOf(operation)) start = Math.Max(start, ends[dependency] + lag);
            ends[operation] = start + _graph.Durations[operation];
            if (WeightBehind(operation) is not (var weight and not None)) continue;
            var end = ends[operation] + _graph.Durations[weight];
            _fused[operation] = IsInTime(operation, weight, end);
            if (_fused[operation]) ends[operation] = end;
        }
    }

    /// <summary>The weight gradient that stands right after its input gradient; -1 when there is none.</summary>
    private int WeightBehind(int operation)
    {
        var input = _graph.Operations[operation];
        if (input.Kind != OperationKind.BackwardInput || _nextOnLane[operation] is not (var next and not None)) return None;
        return _graph.Operations[next] == input with { Kind = OperationKind.BackwardWeight } ? next : None;
    }

    private bool IsInTime(int input, int weight, long end)
    {
        foreach (var (dependent, lag) in _graph.DependentsOf(input))
        {
            if (dependent != weight && end + lag > _latestStarts[dependent]) return false;
        }

        return true;
    }

    private List<Operation>[] Orders()
    {
        var orders = new List<Operation>[_graph.Problem.Devices];
        for (var device = 0; device < orders.Length; device++)
        {
            orders[device] = [];
            foreach (var operation in _timeline.Schedule.OrderOf(device))
            {
                var previous = _lanes.PreviousOnLane(operation);
                if (previous != None && _fused[previous]) continue;
                var kept = _graph.Operations[operation];
                orders[device].Add(_fused[operation] ? kept with { Kind = OperationKind.Backward } : kept);
            }
        }

        return orders;
    }
}
