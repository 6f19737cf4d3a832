using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Bounds;

public class MemoryTimeBoundTests
{
    private static readonly ILowerBound Bound = BoundCatalogue.All.Single(bound => bound.Name == "memory-time");

    [Theory]
    [InlineData(Objective.Makespan)]
    [InlineData(Objective.Span)]
    public void A_device_that_fits_one_microbatch_waits_for_every_round_trip(Objective objective)
    {
        // Each of 8 microbatches is in memory for 4 forwards, 4 input gradients and a weight gradient.
        var problem = Problem.Create(Shape.Profile(4, 8, limit: 1), objective);
        problem.TimeScale.FromTicks(Bound.Ticks(problem)!.Value).ShouldBe(8 * 9);
    }

    [Fact]
    public void A_part_that_is_freed_early_is_needed_for_a_shorter_time()
    {
        // Each of 8 microbatches takes 10 for a round trip of 8 ticks and 5 for a weight gradient of 1 more; the memory is 10.
        var problem = Problem.Create(Shape.Profile(4, 8, limit: 10, activation: 10, retained: 5), Objective.Span);
        // 8 x 85 / 10, and at the end half of 5 for one gradient.
        problem.TimeScale.FromTicks(Bound.Ticks(problem)!.Value).ShouldBe(68 + 0.25m);
    }

    [Fact]
    public void Filling_and_emptying_the_memory_takes_time()
    {
        var problem = Problem.Create(Shape.Profile(8, 24, limit: 4), Objective.Span);
        // 24 x 17 / 4 and two ramps of 3 forwards and 3 weight gradients, each with half of 3 x 3 / 4 lost.
        problem.TimeScale.FromTicks(Bound.Ticks(problem)!.Value).ShouldBe(102 + 2.25m);
    }

    [Fact]
    public void Beats_the_idle_time_of_warm_up_and_cool_down_where_memory_is_tight()
    {
        BoundCatalogue.Best(StoredRequest.Read("28.3B_p32_m256-v-0.375x-makespan").Problem).Name.ShouldBe("memory-time");
        BoundCatalogue.Best(StoredRequest.Read("28.3B_p32_m256-v-0.5x-makespan").Problem).Name.ShouldBe("warm-up-cool-down");
    }

    [Fact]
    public void Does_not_count_where_all_microbatches_fit()
    {
        Bound.Ticks(Problem.Create(Shape.Profile(4, 8))).ShouldBeNull();
        Bound.Ticks(Problem.Create(Shape.Profile(4, 8, limit: 9))).ShouldBe(0);
    }

    [Fact]
    public void Never_exceeds_the_optimum_of_every_order()
    {
        var random = new Random(20_240_607);
        var (solved, best) = (0, 0);
        for (var draw = 0; draw < 1200; draw++)
        {
            var problem = SmallProblems.Draw(random);
            if (Bound.Ticks(problem) is not > 0 || ExhaustiveSearch.Solve(problem) is not { } search) continue;
            Bound.Ticks(problem)!.Value.ShouldBeLessThanOrEqualTo(search.Optimum, $"case {draw}");
            (solved, best) = (solved + 1, best + (BoundCatalogue.Best(problem).Name == "memory-time" ? 1 : 0));
        }

        solved.ShouldBeGreaterThan(100);
        best.ShouldBeGreaterThan(0);
    }
}
