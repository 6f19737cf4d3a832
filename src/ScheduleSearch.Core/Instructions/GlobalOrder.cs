using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions;

/// <summary>
/// All that the ranks do in one order: operations at their start, transfers where their result is there, and sums over two pipes after the last
/// gradient that they take in. At equal times the order of the lanes and dependencies decides.
/// </summary>
internal static class GlobalOrder
{
    /// <summary>What happens, in order. Cost: that of sorting the operations by time.</summary>
    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="heldBy">For an operation whose result travels, the one after which it may travel at the earliest; -1 for none.</param>
    public static List<Moment> Of(Timeline timeline, Func<int, int> heldBy)
    {
        var lanes = new LaneSequence(timeline.Schedule);
        var positions = PositionsIn(lanes);
        var moments = new List<Moment>(2 * positions.Length);
        for (var operation = 0; operation < positions.Length; operation++)
        {
            moments.Add(StartOf(operation));
            moments.Add(TransferOf(operation));
        }

        moments.AddRange(Sums(timeline, positions));
        moments.Sort();
        return moments;

        Moment StartOf(int operation)
        {
            // The two of a pair start as one, so that nothing comes between them.
            var isSecond = timeline.Graph.Operations[operation].EndsPair;
            var first = isSecond ? lanes.PreviousOnLane(operation) : operation;
            return new(timeline.StartOf(first), positions[first], isSecond ? MomentKind.SecondOfPair : MomentKind.Start, operation);
        }

        Moment TransferOf(int operation)
        {
            var transfer = new Moment(timeline.EndOf(operation), positions[operation], MomentKind.Transfer, operation);
            if (heldBy(operation) is not (>= 0 and var holder)) return transfer;
            var held = new Moment(timeline.StartOf(holder), positions[holder], MomentKind.HeldTransfer, operation);
            return held.CompareTo(transfer) > 0 ? held : transfer;
        }
    }

    /// <summary>The sums over two pipes alone, by stage; none with one pipe.</summary>
    public static IReadOnlyList<Moment> Sums(Timeline timeline) => Sums(timeline, PositionsIn(new LaneSequence(timeline.Schedule)));

    /// <summary>
    /// After the last gradient of each stage in either pipe; stages without any have none. A pipe without microbatches has none, and waits for the other.
    /// </summary>
    private static Moment[] Sums(Timeline timeline, int[] positions)
    {
        if (!ReplicaSums.AreNeeded(timeline.Schedule.Problem.Placement)) return [];
        var last = new Moment[timeline.Schedule.Problem.Stages];
        for (var operation = 0; operation < positions.Length; operation++)
        {
            var gradient = timeline.Graph.Operations[operation];
            if (!ReplicaSums.IsGradient(gradient)) continue;
            var sum = new Moment(timeline.EndOf(operation), positions[operation], MomentKind.Sum, operation);
            if (last[gradient.Stage].Kind != MomentKind.Sum || sum.CompareTo(last[gradient.Stage]) > 0) last[gradient.Stage] = sum;
        }

        return last[timeline.Schedule.Problem.FrozenStages..];
    }

    private static int[] PositionsIn(LaneSequence lanes)
    {
        var positions = new int[lanes.Operations.Length];
        for (var position = 0; position < positions.Length; position++) positions[lanes.Operations[position]] = position;
        return positions;
    }
}
