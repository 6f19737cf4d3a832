using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Search.Constructions;

/// <summary>A quick pass always has a schedule, and no longer looks for one than it is let.</summary>
public class QuickPassTests
{
    [Fact]
    public void When_its_time_is_over_before_it_begins_there_is_a_schedule_all_the_same()
    {
        var random = new Random(30);
        for (var draw = 0; draw < 300; draw++)
        {
            var problem = draw % 2 == 0 ? RandomProblems.NextFeatured(random) : RandomProblems.Next(random);
            var asks = 0;
            var solution = QuickPass.Solve(problem, isOver: () => ++asks > 0);
            Verifier.Check(problem, TimedOperation.DevicesOf(solution.Timeline)).ShouldBeEmpty($"draw {draw}");
            solution.Method.ShouldBe("sequential");
            asks.ShouldBe(1, "nothing was tried");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(9)]
    public void When_its_time_is_over_it_has_the_best_so_far(int asksUntilThen)
    {
        var problem = StoredRequest.Read("1.5B_p8_m24-v-0.5x-makespan").Problem;
        var (asks, all) = (0, 0);
        var solution = QuickPass.Solve(problem, isOver: () => ++asks > asksUntilThen);
        asks.ShouldBe(asksUntilThen + 1, "nothing was tried after that");
        QuickPass.Solve(problem, isOver: () => ++all < 0).Objective.ShouldBeLessThanOrEqualTo(solution.Objective);
        all.ShouldBeGreaterThan(asks);
    }

    [Fact]
    public void A_gap_that_is_good_enough_ends_it()
    {
        var problem = StoredRequest.Read("1.5B_p8_m24-v-0.5x-makespan").Problem;
        var (asks, all) = (0, 0);
        var good = QuickPass.Solve(problem, targetGap: 0.5, isOver: () => ++asks < 0);
        var best = QuickPass.Solve(problem, targetGap: 0, isOver: () => ++all < 0);
        good.Gap.ShouldBeLessThanOrEqualTo(0.5);
        best.Gap.ShouldBeLessThan(good.Gap);
        asks.ShouldBeLessThan(all);
    }

    /// <summary>A device of many stages looks at what can go on, not at all that it has nor at the weight gradients that are pending on each stage.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(128)]
    public void A_decision_costs_the_same_however_many_stages_a_device_has(int chunks) => LooksPerOperation(chunks).ShouldBeLessThan(3);

    private static double LooksPerOperation(int chunks)
    {
        var problem = Problem.Create(new Profile
        {
            Pipeline = new() { Devices = 2, Chunks = chunks, Placement = "interleaved", Microbatches = 32 },
            Times = new() { Forward = 1, BackwardInput = 1, BackwardWeight = 1 },
        });
        var graph = SearchGraph.Of(OperationGraph.BuildOnLanes(problem, OperationSelection.Finest(problem)));
        var lists = new ListScheduler(graph);
        lists.Run(new ListPolicies(problem, graph).Standard().First(), LaneDates.Earliest(problem, graph)).ShouldNotBeNull();
        return (double)lists.Looked / graph.Count;
    }

    [Fact]
    public void Of_what_is_equally_fast_the_schedule_that_holds_less_is_preferred() =>
        QuickPass.Solve(Problem.Create(Shape.Profile(devices: 4, microbatches: 8), splitBackward: false)).Method.ShouldBe("1f1b");

    [Fact]
    public void A_faster_schedule_has_its_losses_in_turn()
    {
        // Messages take long, so that warming up for longer pays; a runtime that keeps one loss runs it all the same.
        var profile = Shape.Profile(devices: 4, microbatches: 8);
        var solution = QuickPass.Solve(Problem.Create(profile with { Times = profile.Times with { Communication = 5 } }, splitBackward: false));
        solution.Objective.ShouldBeLessThan(QuickPass.Solve(new AskedSchedule(solution.Problem, "1f1b")).Objective);
        LossesInTurn.Holds(solution.Timeline.Schedule).ShouldBeTrue();
    }
}
