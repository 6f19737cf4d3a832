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
    public static IReadOnlyList<RankInstructions> Of(Timeline timeline) => Of(timeline, _ => -1);

    /// <summary>The streams by rank, with some transfers held back.</summary>
    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="heldBy">For the operation whose result travels, the operation behind which it may travel at the earliest: one that starts
    /// before what waits for the result, and holds back no other transfer; -1 for none.</param>
    internal static IReadOnlyList<RankInstructions> Of(Timeline timeline, Func<int, int> heldBy)
    {
        var graph = timeline.Graph;
        var instructions = Enumerable.Range(0, timeline.Schedule.Problem.Devices).Select(_ => new List<Instruction>()).ToArray();
        foreach (var moment in GlobalOrder(timeline, heldBy))
        {
            if (moment.IsTransfer) AddTransfers(timeline, moment.Operation, instructions);
            else instructions[graph.DeviceOf(moment.Operation)].Add(Instruction.Compute(graph.Operations[moment.Operation]));
        }

        var streams = instructions.Select((list, rank) => new RankInstructions(rank, list)).ToArray();
        return RendezvousCheck.FirstViolation(graph, streams) is { } violation
            ? throw new BrokenStreamException(violation.Message)
            : streams;
    }

    /// <summary>Operations at their start and their transfers at their end. At equal times the order of the lanes and dependencies decides.</summary>
    private static Moment[] GlobalOrder(Timeline timeline, Func<int, int> heldBy)
    {
        var sequence = new LaneSequence(timeline.Schedule).Operations;
        var positions = new int[sequence.Length];
        for (var position = 0; position < sequence.Length; position++) positions[sequence[position]] = position;
        var moments = new Moment[2 * sequence.Length];
        for (var operation = 0; operation < sequence.Length; operation++)
        {
            var position = positions[operation];
            var transfer = new Moment(timeline.EndOf(operation), position, MomentKind.Transfer, operation);
            if (heldBy(operation) is >= 0 and var holder)
            {
                var held = new Moment(timeline.StartOf(holder), positions[holder], MomentKind.HeldTransfer, operation);
                if (held.CompareTo(transfer) > 0) transfer = held;
            }

            moments[2 * position] = new Moment(timeline.StartOf(operation), position, MomentKind.Start, operation);
            moments[2 * position + 1] = transfer;
        }

        Array.Sort(moments);
        return moments;
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

    private enum MomentKind
    {
        Start,
        HeldTransfer,
        Transfer,
    }

    /// <summary>A place in the global order: by time, then by the position of the operation that it belongs to.</summary>
    private readonly record struct Moment(long Time, int Position, MomentKind Kind, int Operation) : IComparable<Moment>
    {
        public bool IsTransfer => Kind != MomentKind.Start;

        public int CompareTo(Moment other)
        {
            var order = Time.CompareTo(other.Time);
            if (order == 0) order = Position.CompareTo(other.Position);
            return order == 0 ? Kind.CompareTo(other.Kind) : order;
        }
    }
}
