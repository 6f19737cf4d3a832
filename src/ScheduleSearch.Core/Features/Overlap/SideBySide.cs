using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Overlap;

/// <summary>Makes pairs of the forwards and whole backwards that stand side by side in the orders of devices.</summary>
internal static class SideBySide
{
    /// <summary>
    /// The orders with pairs where that makes the schedule better and fits memory where it did before; else the same. Tried are pairs of all that is
    /// ready together, with and without waiting for the second of the two as long as the pair saves, of a forward and what stands after it or of either order.
    /// </summary>
    /// <param name="problem">A problem with times of pairs.</param>
    /// <param name="orders">For each device its operations: an order that can be carried out.</param>
    /// <remarks>Cost: that of a few replays.</remarks>
    public static IReadOnlyList<IReadOnlyList<Operation>> Paired(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> orders)
    {
        var apart = Schedule.Of(problem, orders);
        var simulation = new PairedSimulation(apart);
        PairedRun? best = null;
        foreach (var waits in new[] { false, true })
        {
            foreach (var eitherOrder in new[] { true, false })
            {
                if (simulation.Run(waits, eitherOrder) is { } run && (best is null || run.Objective < best.Objective)) best = run;
            }
        }

        if (best is null) return orders;
        var together = Schedule.Of(problem, best.Orders);
        return ObjectiveOf(together) < ObjectiveOf(apart) && (together.FitsMemory() || !apart.FitsMemory()) ? best.Orders : orders;
    }

    private static long ObjectiveOf(Schedule schedule) => ScheduleMetrics.Of(Replay.Run(schedule)).Objective;
}
