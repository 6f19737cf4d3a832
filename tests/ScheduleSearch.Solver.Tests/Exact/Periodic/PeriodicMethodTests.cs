using FsCheck.Xunit;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Exact.Periodic;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Solutions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Exact.Periodic;

public class PeriodicMethodTests
{
    private static readonly SearchBudget OneWorker = new(Work: null, Seed: 0, Workers: 1);

    [Property(MaxTest = 60)]
    public void What_it_offers_is_valid_fits_memory_and_is_better_than_before(Seed seed)
    {
        var random = new Random(seed.Item);
        var problem = RandomProblems.Next(random);
        var start = Solution.Verified(RandomOrders.Next(problem, random), "random", default);
        var best = Run(start, new SearchBudget(Work: 200_000, seed.Item, Workers: 1));
        best.Objective.ShouldBeLessThanOrEqualTo(start.Objective);
        Verifier.Check(problem, TimedOperation.DevicesOf(best.Timeline)).ShouldBeEmpty();
        Enumerable.Range(0, problem.Devices).ShouldAllBe(device => best.Metrics.PeakMemory[device] <= problem.LimitOf(device));
    }

    /// <summary>The board verifies what it is offered and throws when an order is invalid or does not fit into memory.</summary>
    [Fact]
    public void What_it_offers_of_recomputing_problems_is_valid()
    {
        var random = new Random(34);
        var improved = 0;
        for (var draw = 0; draw < 40; draw++)
        {
            var profile = RandomProblems.NextProfile(random, maxDevices: 3, maxMicrobatches: 6);
            var problem = Problem.Create(profile with { Recompute = new() { Kept = 0, Time = random.Next(1, 9) } });
            var start = Solution.Verified(RandomOrders.Next(problem, random), "random", default);
            if (Run(start, new SearchBudget(Work: 20_000, draw, Workers: 1)).Objective < start.Objective) improved++;
        }

        improved.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Under_tight_memory_it_beats_the_first_answer()
    {
        var start = QuickPass.Solve(Tight);
        var best = Run(start, OneWorker);
        best.Method.ShouldBe("periodic-cp-sat");
        // The first answer is a kernel of one microbatch that was not shortened.
        best.Objective.ShouldBeLessThan((long)(0.99 * start.Objective));
    }

    [Fact]
    public void What_it_proves_of_kernels_is_no_bound_on_schedules()
    {
        var start = QuickPass.Solve(Tight);
        Run(start, OneWorker).Bound.ShouldBe(start.Bound);
    }

    [Fact]
    public void A_work_limit_gives_the_same_answer_on_every_run()
    {
        var start = QuickPass.Solve(Tight);
        var budget = new SearchBudget(Work: 3_000_000, Seed: 4, Workers: 2);
        var (first, second) = (Run(start, budget), Run(start, budget with { Workers = 1 }));
        second.Objective.ShouldBe(first.Objective);
        second.Timeline.Starts.ToArray().ShouldBe(first.Timeline.Starts.ToArray());
    }

    [Fact]
    public void Stops_when_it_is_canceled()
    {
        var start = QuickPass.Solve(Tight);
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        Run(start, OneWorker, canceled.Token).ShouldBeSameAs(start);

        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        Run(start, OneWorker, soon.Token).Objective.ShouldBeLessThanOrEqualTo(start.Objective);
    }

    [Theory]
    [InlineData("v", 12, 48, 2, 18, true)]
    [InlineData("v", 12, 48, 2, 24, false)]
    [InlineData("v", 12, 40, 2, 18, false)]
    [InlineData("v", 8, 64, 2, 12, false)]
    [InlineData("interleaved", 12, 48, 2, 18, false)]
    [InlineData("linear", 24, 96, 1, 18, false)]
    public void Suits_many_turning_stages_and_microbatches_below_the_memory_of_1f1b(
        string placement, int devices, int microbatches, int chunks, int limit, bool suits) =>
        new PeriodicMethod().Suits(Problem.Create(Shape.Profile(devices, microbatches, chunks, placement, limit: limit))).ShouldBe(suits);

    private static Problem Tight { get; } = Problem.Create(
        Shape.Profile(8, 64, 1, "linear", 29.8m, 29.5m, 19.5m, 0.55m, limit: 4, retained: 0.45m));

    private static Solution Run(Solution start, SearchBudget budget, CancellationToken cancellation = default)
    {
        using var board = new SearchBoard(start, targetGap: 0, improved: _ => { });
        new PeriodicMethod().Run(board, budget, cancellation);
        return board.Best;
    }
}
