using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ScheduleSearch.Core.Tests.Bounds;

public class WarmUpCoolDownBoundTests(ITestOutputHelper output)
{
    private static readonly ILowerBound Bound = BoundCatalogue.All.Single(bound => bound.Name == "warm-up-cool-down");

    public static TheoryData<string> LinearRequests => [.. StoredRequest.Names("linear-1x-makespan"), .. StoredRequest.Names("linear-1x-span")];

    [Theory]
    [InlineData(Objective.Makespan)]
    [InlineData(Objective.Span)]
    public void Adds_both_idle_times_to_the_work(Objective objective)
    {
        var profile = Shape.Profile(8, 24, forward: 18.522m, backwardInput: 18.086m, backwardWeight: 9.337m, communication: 0.601m, limit: 8, retained: 0.366412m);
        var problem = Problem.Create(profile, objective);
        // 24 x 45.945 of work, 135.016 of warm-up and 72.709 of cool-down.
        problem.TimeScale.FromTicks(Bound.Ticks(problem)!.Value).ShouldBe(1310.405m);
    }

    [Theory]
    [MemberData(nameof(LinearRequests))]
    public void Proves_the_published_schedules_of_linear_pipelines_optimal(string name)
    {
        var request = StoredRequest.Read(name);
        var (problem, peersBest) = (request.Problem, request.PeersBest);
        problem.TimeScale.FromTicks(Bound.Ticks(problem)!.Value).ShouldBe(peersBest);
    }

    [Fact]
    public void The_tail_is_filled_by_weight_gradients_that_wait_for_it()
    {
        // One microbatch on two stages: after its input gradient on stage 1 that device still has a weight gradient of 10, while the tail takes 2.
        var profile = Shape.Profile(2, 1, backwardWeight: 10);
        Bound.Ticks(Problem.Create(profile)).ShouldBe(14);
    }

    [Fact]
    public void Without_a_limit_only_the_longer_idle_time_counts()
    {
        var free = Problem.Create(Shape.Profile(4, 8), Objective.Span);
        var tight = Problem.Create(Shape.Profile(4, 8, limit: 4), Objective.Span);
        free.TimeScale.FromTicks(Bound.Ticks(free)!.Value).ShouldBe(24);
        tight.TimeScale.FromTicks(Bound.Ticks(tight)!.Value).ShouldBe(27);
    }

    [Theory]
    // Of 24 of work on the last device memory lets as many weight gradients wait as activations fit; around them the first device has 3, 3 and 1.
    [InlineData(4, 27)]
    [InlineData(5, 26)]
    [InlineData(6, 25)]
    [InlineData(7, 24)]
    public void A_span_begins_before_the_last_device_and_ends_after_it_but_for_weight_gradients_that_wait_there(int limit, double least)
    {
        var problem = Problem.Create(Shape.Profile(4, 8, limit: limit), Objective.Span);
        problem.TimeScale.FromTicks(Bound.Ticks(problem)!.Value).ShouldBe((decimal)least);
    }

    [Fact]
    public void Proves_the_published_span_of_a_pipeline_with_twice_the_memory_optimal()
    {
        var request = StoredRequest.Read("1.5B_p8_m24-linear-2x-span");
        request.Problem.TimeScale.FromTicks(Bound.Ticks(request.Problem)!.Value).ShouldBe(request.PeersBest);
    }

    [Fact]
    public void Never_exceeds_the_least_span_of_every_order_and_often_meets_it()
    {
        var random = new Random(20_261_130);
        var (solved, exact) = (0, 0);
        for (var draw = 0; draw < 800; draw++)
        {
            var drawn = SmallProblems.Draw(random, shortest: draw % 4 == 0 ? 0 : 1);
            var problem = Problem.Create(drawn.Profile, Objective.Span, drawn.SplitBackward);
            if (ExhaustiveSearch.Solve(problem) is not { } search) continue;
            var bound = Bound.Ticks(problem)!.Value;
            bound.ShouldBeLessThanOrEqualTo(search.Optimum, $"case {draw}");
            (solved, exact) = (solved + 1, exact + (bound == search.Optimum ? 1 : 0));
        }

        output.WriteLine($"Met the least span in {exact} of {solved} cases.");
        solved.ShouldBeGreaterThan(500);
        exact.ShouldBeGreaterThan(solved / 2);
    }

    [Fact]
    public void Pairs_save_nothing_in_the_warm_up()
    {
        var profile = Shape.Profile(
            devices: 8, microbatches: 24, chunks: 2, "interleaved", forward: 0.5m, backwardInput: 0.5m, backwardWeight: 0.5m, limit: 12, activation: 0.5m);
        var problem = Problem.Create(profile with { Overlap = new() { Duration = 1.1m } });
        // 48 backwards, and forwards of 0.1 beside them. The first backward comes after 11.5 on the first device: forwards of 0.5 there, or nothing.
        problem.TimeScale.FromTicks(Bound.Ticks(problem)!.Value).ShouldBe(48 * (1 + 0.1m) + 11.5m * 0.4m / 0.5m);
    }

    [Fact]
    public void Memory_holds_what_is_kept_of_activations_until_they_are_recomputed()
    {
        var profile = Shape.Profile(8, 24, limit: 4);
        var whole = Ticks(profile);
        // Recomputing in no time frees three quarters of each activation meanwhile; with time of its own it is work beside that.
        var free = Ticks(profile with { Recompute = new() { Kept = 0.25m, Time = 0 } });
        var costly = Ticks(profile with { Recompute = new() { Kept = 0.25m, Time = 1 } });
        free.ShouldBeLessThan(whole);
        costly.ShouldBeGreaterThanOrEqualTo(free + 24);

        static decimal Ticks(Profile profile)
        {
            var problem = Problem.Create(profile);
            return problem.TimeScale.FromTicks(Bound.Ticks(problem)!.Value);
        }
    }

    [Fact]
    public void Never_exceeds_the_optimum_of_every_order_and_often_meets_it()
    {
        var random = new Random(20_240_601);
        var (solved, exact) = (0, 0);
        for (var draw = 0; draw < 960; draw++)
        {
            var problem = SmallProblems.Draw(random, shortest: draw % 4 == 0 ? 0 : 1);
            if (ExhaustiveSearch.Solve(problem) is not { } search) continue;
            var replayed = ScheduleMetrics.Of(Replay.Run(new Schedule(OperationGraph.Build(problem), search.Orders)));
            replayed.Objective.ShouldBe(search.Optimum, $"case {draw}");
            BoundCatalogue.Best(problem).Ticks.ShouldBeLessThanOrEqualTo(search.Optimum, $"case {draw}");
            var bound = Bound.Ticks(problem)!.Value;
            bound.ShouldBeLessThanOrEqualTo(search.Optimum, $"case {draw}");
            (solved, exact) = (solved + 1, exact + (bound == search.Optimum ? 1 : 0));
        }

        output.WriteLine($"Met the optimum in {exact} of {solved} cases.");
        solved.ShouldBeGreaterThan(700);
        exact.ShouldBeGreaterThan(solved / 2);
    }
}
