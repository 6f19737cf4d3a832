using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Solver.Tests.Search.Pairs;

/// <summary>Every order of a linear pipeline with whole backwards, microbatches in turn, and every way to pair what stands side by side.</summary>
internal static class PairedOrders
{
    /// <summary>The least objective of all of them that do not deadlock, whatever memory they take.</summary>
    public static long Least(Problem problem) => Product(problem, [], problem.Devices).Min(orders => Objective(problem, orders));

    private static IEnumerable<Operation[][]> Product(Problem problem, Operation[][] before, int devices) => devices == before.Length
        ? [before]
        : OnDevice(before.Length, problem.Microbatches, 0, 0, []).SelectMany(order => Product(problem, [.. before, order], devices));

    private static IEnumerable<Operation[]> OnDevice(int stage, int microbatches, int forwards, int backwards, Operation[] order)
    {
        if (backwards == microbatches) return [order];
        var (canForward, canBackward) = (forwards < microbatches, backwards < forwards);
        var (forward, backward) = (Operation.Forward(stage, forwards), Operation.Backward(stage, backwards));
        return
        [
            .. canForward ? OnDevice(stage, microbatches, forwards + 1, backwards, [.. order, forward]) : [],
            .. canBackward ? OnDevice(stage, microbatches, forwards, backwards + 1, [.. order, backward]) : [],
            .. canForward && canBackward
                ? OnDevice(stage, microbatches, forwards + 1, backwards + 1, [.. order, forward.InPair(PlaceInPair.First), backward.InPair(PlaceInPair.Second)])
                : [],
        ];
    }

    private static long Objective(Problem problem, Operation[][] orders)
    {
        try
        {
            return ScheduleMetrics.Of(Replay.Run(Schedule.Of(problem, orders))).Objective;
        }
        catch (Exception circle) when (circle is DeadlockException or ArgumentException)
        {
            return long.MaxValue;
        }
    }
}
