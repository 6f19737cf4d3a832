using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Processes;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Features;

/// <summary>
/// A recompute that starts early in a bubble. Source: Liu et al., Mario: Near Zero-cost Activation Checkpointing in Pipeline Parallelism, PPoPP 2025.
/// </summary>
/// <remarks>
/// Two devices and a slow link between them: three forwards on the first take 3, and the first gradient comes back at 11. In between there is time to recompute
/// for all three microbatches, 2 each, so that their backwards, 2 each, follow each other as gradients come: at 17 all is done. A recompute that stands directly
/// before its backward is in the bubble for the first microbatch alone; the other two lengthen what comes after it, to 21.
/// </remarks>
[Collection(SolverChildren.Alone)]
public sealed class EarlyRecomputeTests
{
    private const long Early = 17, Late = 21;

    private static readonly Problem SlowLink = Problem.Create(
        Shape.Profile(devices: 2, microbatches: 3, communication: 4, backwardWeight: 0, activation: 2, limit: 6) with
        {
            Times = new() { Forward = 1, BackwardInput = new[] { 2m, 1m }, BackwardWeight = 0, Communication = 4 },
            Recompute = new() { Kept = 1, Time = 2, Stages = [0] },
        },
        splitBackward: false);

    [Fact]
    public void A_bubble_takes_what_a_late_recompute_costs()
    {
        ExhaustiveSearch.Solve(SlowLink)!.Optimum.ShouldBe(Early * SlowLink.TimeScale.ToTicks(1));
        var late = from first in Orders(stage: 0) from second in Orders(stage: 1) select LateMakespan([first, second]);
        late.Min().ShouldBe(Late * SlowLink.TimeScale.ToTicks(1));
    }

    [Fact]
    public async Task The_search_starts_it_early_and_proves_that_nothing_is_sooner()
    {
        using var solver = new ScheduleSolver(new SolverSettings { Workers = 1 }, _ => { });
        var solution = await solver.SolveAsync(SlowLink, new SolveOptions { WorkLimit = 20_000 }, known: null, _ => { }, CancellationToken.None);
        (solution.Objective, solution.IsOptimal).ShouldBe((Early * SlowLink.TimeScale.ToTicks(1), true));
        var order = solution.Timeline.Schedule.OperationsOn(0).ToList();
        order.IndexOf(new Operation(OperationKind.Recompute, 0, 0, 2)).ShouldBeLessThan(order.IndexOf(Operation.Backward(0, 0)));
    }

    /// <summary>Every order of a stage's forwards and backwards, microbatches in turn.</summary>
    private static IEnumerable<IReadOnlyList<Operation>> Orders(int stage)
    {
        return Extended([], 0, 0);

        IEnumerable<IReadOnlyList<Operation>> Extended(List<Operation> order, int forwards, int backwards)
        {
            if (backwards == SlowLink.Microbatches) return [order];
            var next = Enumerable.Empty<IReadOnlyList<Operation>>();
            if (forwards < SlowLink.Microbatches) next = Extended([.. order, Operation.Forward(stage, forwards)], forwards + 1, backwards);
            return backwards < forwards ? next.Concat(Extended([.. order, Operation.Backward(stage, backwards)], forwards, backwards + 1)) : next;
        }
    }

    /// <summary>The makespan with every recompute directly before its backward; null where the devices wait for each other or memory does not fit.</summary>
    private static long? LateMakespan(IReadOnlyList<IReadOnlyList<Operation>> orders)
    {
        try
        {
            var schedule = Schedule.Of(SlowLink, new RecomputeFeature().Complete(SlowLink, orders));
            return schedule.FitsMemory() ? ScheduleMetrics.Of(Replay.Run(schedule)).Makespan : null;
        }
        catch (DeadlockException)
        {
            return null;
        }
    }
}
