using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ScheduleSearch.Core.Tests.Bounds;

/// <summary>Bounds under two pipes, slices, recomputed activations and overlapped pairs: never above what some order reaches.</summary>
public class FeaturedBoundTests(ITestOutputHelper output)
{
    [Fact]
    public void No_bound_exceeds_the_optimum_of_every_order_and_share()
    {
        var random = new Random(20_261_126);
        var (solved, exact) = (0, 0);
        for (var draw = 0; draw < 400; draw++)
        {
            var problem = SmallProblems.DrawFeatured(random);
            if (ExhaustiveSearch.Solve(problem, limitOfNodes: 20_000) is not { } search) continue;
            ScheduleMetrics.Of(Replay.Run(new Schedule(search.Graph, search.Orders))).Objective.ShouldBe(search.Optimum, $"case {draw}");
            var best = 0L;
            foreach (var bound in BoundCatalogue.All)
            {
                if (bound.Ticks(problem) is not { } ticks) continue;
                ticks.ShouldBeLessThanOrEqualTo(search.Optimum, $"case {draw}, {bound.Name}");
                best = Math.Max(best, ticks);
            }

            (solved, exact) = (solved + 1, exact + (best == search.Optimum ? 1 : 0));
        }

        output.WriteLine($"Met the optimum in {exact} of {solved} cases.");
        solved.ShouldBeGreaterThan(250);
        exact.ShouldBeGreaterThan(solved / 4);
    }

    [Fact]
    public void No_bound_exceeds_the_optimum_where_much_nothing_or_all_is_kept_of_what_is_recomputed()
    {
        var random = new Random(20_261_130);
        var (solved, exact, byMemory) = (0, 0, 0);
        for (var draw = 0; draw < 300; draw++)
        {
            var problem = SmallFeaturedProblems.Draw(random, pipes: 1 + draw % 2, isSliced: false);
            if (ExhaustiveSearch.Solve(problem, limitOfNodes: 5_000) is not { } search) continue;
            foreach (var bound in BoundCatalogue.All) (bound.Ticks(problem) ?? 0).ShouldBeLessThanOrEqualTo(search.Optimum, $"case {draw}, {bound.Name}");
            var best = BoundCatalogue.Best(problem);
            (solved, exact) = (solved + 1, exact + (best.Ticks == search.Optimum ? 1 : 0));
            byMemory += best.Name is "memory-time" or "warm-up-cool-down" ? 1 : 0;
        }

        output.WriteLine($"Met the optimum in {exact} of {solved} cases; {byMemory} times by memory, or by warm-up and cool-down.");
        solved.ShouldBeGreaterThan(200);
        byMemory.ShouldBeGreaterThan(solved / 5);
    }

    [Theory]
    [InlineData("gpipe-recompute", 1)]
    [InlineData("seq1f1b", 2)]
    [InlineData("seq1f1b", 4)]
    public void Slices_and_computing_again_are_proved_optimal_on_equal_stages(string name, int slices)
    {
        var profile = Shape.Profile(devices: 4, microbatches: 8, forward: 4, backwardInput: 4, backwardWeight: 4);
        var problem = Problem.Create(
            slices > 1 ? profile with { Slices = new() { Count = slices } } : profile with { Recompute = new() { Kept = 0.1m } }, splitBackward: false);

        ScheduleMetrics.Of(Replay.Run(FamilyCatalogue.Find(name)!.ScheduleOf(problem))).Objective.ShouldBe(BoundCatalogue.Best(problem).Ticks);
    }

    [Theory]
    [InlineData(false, 4, 27)]
    [InlineData(true, 5, 25)]
    public void Two_pipes_reach_every_device_sooner_and_leave_it_later(bool split, int limit, long least) =>
        BoundCatalogue.Best(Problem.Create(Shape.Profile(4, 8, placement: "bidirectional", limit: limit), splitBackward: split)).Ticks.ShouldBe(least);

    [Fact]
    public void A_schedule_of_overlapped_pairs_is_never_below_the_bounds()
    {
        foreach (var objective in Enum.GetValues<Objective>())
        {
            foreach (var duration in new[] { 4m, 5m, 6m })
            {
                var profile = Shape.Profile(4, 8, placement: "bidirectional", forward: 2, backwardInput: 2, backwardWeight: 2, limit: 5) with { Overlap = new() { Duration = duration } };
                var problem = Problem.Create(profile, objective);
                var metrics = ScheduleMetrics.Of(Replay.Run(FamilyCatalogue.Find("dualpipe")!.ScheduleOf(problem)));
                foreach (var bound in BoundCatalogue.All) (bound.Ticks(problem) ?? 0).ShouldBeLessThanOrEqualTo(metrics.Objective);
            }
        }
    }
}
