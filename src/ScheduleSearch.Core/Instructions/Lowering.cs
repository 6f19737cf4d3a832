using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions;

/// <summary>
/// Turns a schedule into one instruction stream for each rank: its operations, a transfer for every result that another device waits for, and,
/// where there are two pipes, a sum for every stage over the ranks that hold it.
/// </summary>
/// <remarks>
/// All operations, transfers and sums are put in one global order that respects dependencies, a transfer where its producer ends, a sum after
/// the last gradient of its stage, and each rank follows that order. The first transfer or sum of it that is still open can always take place,
/// since both its ranks have done all that stands before it: no rank waits for ever, even where a send blocks until the receive is posted.
/// The two of an overlapped pair stand side by side: what both of them wait for is received before, and what either makes is sent after the pair.
/// </remarks>
public static class Lowering
{
    /// <summary>The streams by rank, checked by <see cref="RendezvousCheck"/>. Cost: that of sorting the operations by time.</summary>
    /// <exception cref="BrokenStreamException">A stream could hang or differs from the schedule: a defect.</exception>
    public static IReadOnlyList<RankInstructions> Of(Timeline timeline) => Of(timeline, GlobalOrder.Of(timeline, _ => -1));

    /// <summary>The streams by rank, in a global order of one's own.</summary>
    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="order">What happens, in an order that respects lanes and dependencies, every transfer before what waits for its result.</param>
    internal static IReadOnlyList<RankInstructions> Of(Timeline timeline, IEnumerable<Moment> order)
    {
        var graph = timeline.Graph;
        var instructions = Enumerable.Range(0, timeline.Schedule.Problem.Devices).Select(_ => new List<Instruction>()).ToArray();
        foreach (var moment in order)
        {
            if (moment.Kind == MomentKind.Sum) AddSum(timeline, graph.Operations[moment.Operation].Stage, instructions);
            else if (moment.Kind >= MomentKind.HeldTransfer) AddTransfers(timeline, moment.Operation, instructions);
            else instructions[graph.DeviceOf(moment.Operation)].Add(Instruction.Compute(graph.Operations[moment.Operation]));
        }

        var streams = instructions.Select((list, rank) => new RankInstructions(rank, list)).ToArray();
        return RendezvousCheck.FirstViolation(graph, streams) is { } violation
            ? throw new BrokenStreamException(violation.Message)
            : streams;
    }

    /// <summary>A result travels once to each other device that waits for it.</summary>
    private static void AddTransfers(Timeline timeline, int operation, List<Instruction>[] instructions)
    {
        var graph = timeline.Graph;
        var from = graph.DeviceOf(operation);
        var dependents = graph.DependentsOf(operation);
        for (var index = 0; index < dependents.Length; index++)
        {
            var to = graph.DeviceOf(dependents[index].Operation);
            var isServed = false;
            foreach (var (earlier, _) in dependents[..index]) isServed |= graph.DeviceOf(earlier) == to;
            if (to == from || isServed) continue;
            instructions[from].Add(Instruction.Send(graph.Operations[operation], to));
            instructions[to].Add(Instruction.Receive(graph.Operations[operation], from));
        }
    }

    private static void AddSum(Timeline timeline, int stage, List<Instruction>[] instructions)
    {
        var (first, second) = ReplicaSums.OwnersOf(timeline.Schedule.Problem.Placement, stage);
        instructions[first].Add(Instruction.AllReduce(stage, second));
        if (second != first) instructions[second].Add(Instruction.AllReduce(stage, first));
    }
}
