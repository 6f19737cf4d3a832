using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions;

/// <summary>
/// Turns a schedule into one instruction stream for each rank: its operations, and a transfer for every result that another device waits
/// for.
/// </summary>
/// <remarks>
/// All operations and transfers are put in one global order that respects dependencies, a transfer where its producer ends, and each rank
/// follows that order. The first transfer of it that is still open can always take place, since both its ranks have done all that
/// stands before it: no rank waits for ever, even where a send blocks until the receive is posted.
/// </remarks>
public static class Lowering
{
    /// <summary>The streams by rank, checked by <see cref="RendezvousCheck"/>. Cost: that of sorting the operations by time.</summary>
    /// <exception cref="BrokenStreamException">A stream could hang or differs from the schedule: a defect.</exception>
    public static IReadOnlyList<RankInstructions> Of(Timeline timeline)
    {
        var instructions = Enumerable.Range(0, timeline.Schedule.Problem.Devices).Select(_ => new List<Instruction>()).ToArray();
        foreach (var (operation, isTransfer) in GlobalOrder(timeline))
        {
            if (isTransfer) AddTransfers(timeline, operation, instructions);
            else instructions[timeline.Graph.DeviceOf(operation)].Add(Instruction.Compute(timeline.Graph.Operations[operation]));
        }

        var streams = instructions.Select((list, rank) => new RankInstructions(rank, list)).ToArray();
        return RendezvousCheck.FirstViolation(timeline.Graph, streams) is { } violation
            ? throw new BrokenStreamException(violation.Message)
            : streams;
    }

    /// <summary>Operations at their start and their transfers at their end. At equal times the order of the lanes and dependencies decides.</summary>
    private static IEnumerable<(int Operation, bool IsTransfer)> GlobalOrder(Timeline timeline)
    {
        var sequence = new LaneSequence(timeline.Schedule).Operations.ToArray();
        var events = new (long Time, int Position)[2 * sequence.Length];
        for (var position = 0; position < sequence.Length; position++)
        {
            events[2 * position] = (timeline.StartOf(sequence[position]), 2 * position);
            events[2 * position + 1] = (timeline.EndOf(sequence[position]), 2 * position + 1);
        }

        Array.Sort(events);
        return events.Select(moment => (sequence[moment.Position / 2], moment.Position % 2 == 1));
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
}
