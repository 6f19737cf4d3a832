using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Schedules;

/// <summary>
/// The last stage's losses one at a time: the backward of each microbatch right after its forward. Where a device has the last stage alone and backwards
/// are whole, a schedule in which they are not can be made one in which they are, at no cost.
/// </summary>
/// <remarks>
/// Take a backward that stands right after the forward of a later microbatch, and exchange the two. Nothing but the later backward waits for that forward,
/// and both together end no later than before: the backward starts when the forward started or before, since it waits for nothing but its own forward,
/// which stands before both. So its gradient leaves sooner, all that follows starts no later, and the device holds one activation less meanwhile.
/// Exchanges of this kind keep the turn of the backwards: where it is another than that of the forwards, gradients that others wait for first would be late.
/// </remarks>
public static class LossesInTurn
{
    /// <summary>Whether every forward of the last stage is followed by the backward of its microbatch before the next forward there.</summary>
    public static bool Holds(Schedule schedule)
    {
        var last = schedule.Problem.Stages - 1;
        Operation? open = null;
        foreach (var operation in schedule.OperationsOn(schedule.Problem.Placement.DeviceOf(0, last)).Where(operation => operation.Stage == last))
        {
            if (operation.IsForward ? open is not null : operation.IsWholeBackward && operation.Microbatch != open?.Microbatch) return false;
            open = operation.IsForward ? operation : null;
        }

        return true;
    }

    /// <summary>
    /// The schedule with its losses in turn, which is no worse in makespan, span or memory; the schedule itself where they are, where the last stage takes
    /// backwards in another turn than forwards, or where the problem is not of whole backwards, one pipe and one stage on the last device, without features.
    /// </summary>
    public static Schedule Of(Schedule schedule)
    {
        var (problem, placement) = (schedule.Problem, schedule.Problem.Placement);
        if (problem.SplitBackward || placement.Pipes > 1 || problem.Features.Any()) return schedule;
        var device = placement.DeviceOf(0, problem.Stages - 1);
        if (placement.StagesOn(device).Length > 1 || Holds(schedule)) return schedule;
        var graph = schedule.Graph;
        var forwards = schedule.OperationsOn(device).Where(operation => operation.IsForward).ToList();
        var backwards = forwards.ConvertAll(forward => forward with { Kind = OperationKind.Backward });
        if (!schedule.OperationsOn(device).Where(operation => operation.IsWholeBackward).SequenceEqual(backwards)) return schedule;
        var orders = Enumerable.Range(0, graph.Lanes.Count).Select(lane => schedule.OrderOf(lane).ToArray()).ToArray();
        orders[device] = [.. forwards.Zip(backwards).SelectMany(pair => new[] { graph.IndexOf(pair.First), graph.IndexOf(pair.Second) })];
        return new Schedule(graph, orders);
    }
}
