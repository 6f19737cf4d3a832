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

    [Theory]
    // Device 0: 5 x (2 x 17 + 1 x 1) of need; 2 x 2 / 2 is lost at first and, as the last 3 units are freed at one a tick, 3 x 3 / 2 at last.
    [InlineData(5, Objective.Span, (175 + 2 + 4.5) / 4)]
    // Rounded down what is lost, and up what is left.
    [InlineData(5, Objective.Makespan, 46)]
    // One microbatch leaves room for more.
    [InlineData(1, Objective.Span, 0)]
    public void Uneven_stages_need_their_own_round_trips(int microbatches, Objective objective, double bound)
    {
        var profile = new Profile
        {
            Pipeline = new() { Devices = 2, Microbatches = microbatches },
            Times = new()
            {
                Forward = new[] { 2m, 3m },
                BackwardInput = new[] { 4m, 5m },
                BackwardWeight = new[] { 1m, 6m },
                Communication = LinkValues.Each([[0, 1], [2, 0]]),
            },
            Memory = new() { Activation = new[] { 2m, 3m }, Retained = new[] { 1m, 2m }, Limit = new[] { 4m, 6m } },
        };
        Units(Problem.Create(profile, objective)).ShouldBe((decimal)bound);
    }

    [Fact]
    public void The_last_device_comes_between_the_way_to_it_and_the_tail_after_it()
    {
        // Device 1 has 4 of need 2 x 12 each in a memory of 2, half of which is empty for the first forward's and the last gradient's time;
        // device 0 has room for all.
        var profile = new Profile
        {
            Pipeline = new() { Devices = 2, Microbatches = 4 },
            Times = new()
            {
                Forward = new[] { 1m, 6m },
                BackwardInput = new[] { 1m, 6m },
                BackwardWeight = 0,
                Communication = LinkValues.Each([[0, 10], [20, 0]]),
            },
            Memory = new() { Activation = 2, Limit = new[] { 100m, 2m } },
        };
        Units(Problem.Create(profile)).ShouldBe(1 + 10 + 4 * 12 + 20 + 1);
        Units(Problem.Create(profile, splitBackward: false)).ShouldBe(1 + 10 + 4 * 12 + 20 + 1);
        Units(Problem.Create(profile, Objective.Span)).ShouldBe(4 * 12);
    }

    [Fact]
    public void What_frees_most_for_its_time_comes_first_at_the_end()
    {
        // Weight gradients of 1 free one unit each, then input gradients of 6 free three: 2 x (5 + 3) / 2 + 6 x 3 / 2 is lost, and 2 x 4 / 2 at first.
        var profile = Shape.Profile(1, 2, forward: 2, backwardInput: 6, limit: 8, activation: 4, retained: 1);
        Units(Problem.Create(profile, Objective.Span)).ShouldBe((2 * 4 * 8 + 2 + 8 + 9 + 4) / 8m);
        Units(Problem.Create(profile)).ShouldBe(11);
        // Where both together never fill the memory there is no bound.
        Units(Problem.Create(Shape.Profile(1, 2, forward: 2, backwardInput: 6, limit: 8.5m, activation: 4, retained: 1))).ShouldBe(0);
    }

    [Fact]
    public void What_frees_most_for_its_time_comes_first_even_if_it_takes_no_longer()
    {
        // Input gradients of 2 free two units, weight gradients of 2 one: 3 x 3 / 2 is lost at last, and 4 / 3 x 2 / 2 at first.
        var profile = Shape.Profile(1, 2, forward: 2, backwardInput: 2, backwardWeight: 2, limit: 5, activation: 3, retained: 1);
        Units(Problem.Create(profile, Objective.Span)).ShouldBe(decimal.Round((2 * 3 * 4 + 2 * 1 * 2 + 4.5m + 4m / 3) / 5, 6));
    }

    [Fact]
    public void The_stages_of_a_device_fill_its_memory_together()
    {
        // Three microbatches of one stage take 3 of 4 units, those of both stages 6.
        Units(Problem.Create(Shape.Profile(2, 3, chunks: 2, placement: "v", limit: 4))).ShouldBeGreaterThan(0);
        Units(Problem.Create(Shape.Profile(2, 3, chunks: 2, placement: "v", limit: 6.5m))).ShouldBe(0);
    }

    [Fact]
    public void Activations_of_no_size_need_none_of_the_memory_that_weights_leave() =>
        Units(Problem.Create(Shape.Profile(2, 4) with { Memory = new() { Activation = 0, Weights = 3, Total = 3 } })).ShouldBe(0);

    [Fact]
    public void Does_not_cover_two_pipes_or_slices()
    {
        var tight = Shape.Profile(2, 8, limit: 2);
        Bound.Ticks(Problem.Create(tight)).ShouldNotBeNull();
        Bound.Ticks(Problem.Create(Shape.Profile(2, 8, placement: "bidirectional", limit: 2))).ShouldBeNull();
        Bound.Ticks(Problem.Create(tight with { Slices = new() { Count = 2 } })).ShouldBeNull();
    }

    [Fact]
    public void What_is_dropped_leaves_room_until_it_is_recomputed()
    {
        var tight = Shape.Profile(4, 16, limit: 2);
        // Kept, an activation of the first device is there from its forward to the end of its input gradient 8 later, and longer than that nowhere.
        var keeping = Units(Problem.Create(tight));
        var halves = Units(Problem.Create(tight with { Recompute = new() { Kept = 0.5m } }));
        var nothing = Units(Problem.Create(tight with { Recompute = new() { Kept = 0 } }));
        halves.ShouldBeLessThan(keeping);
        nothing.ShouldBeLessThan(halves);
    }

    [Fact]
    public void Pairs_hold_what_they_hold_as_long_as_without_them()
    {
        var tight = Shape.Profile(8, 32, limit: 2);
        Units(Problem.Create(tight with { Overlap = new() { Duration = 2 } })).ShouldBe(Units(Problem.Create(tight)));
    }

    [Fact]
    public void What_is_dropped_counts_while_it_is_there_and_what_is_kept_throughout()
    {
        // Room for one activation on the first device: up and back takes 4 with its own backward, and the weight gradient 1.
        var tight = Shape.Profile(2, 8, limit: 1);
        Bound.Ticks(Problem.Create(tight)).ShouldBe(8 * (4 + 1));
        // Half of it is there for forward, recompute and backward alone.
        var first = tight with { Recompute = new() { Kept = 0.5m, Stages = [0] } };
        Bound.Ticks(Problem.Create(first)).ShouldBe(8 * (4 + 3) / 2 + 8);
        // On the last device a recompute stands between forward and backward.
        Bound.Ticks(Problem.Create(first with { Recompute = new() { Kept = 0.5m } })).ShouldBe(8 * (5 + 3) / 2 + 8);
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

    private static decimal Units(Problem problem) => problem.TimeScale.FromTicks(Bound.Ticks(problem)!.Value);
}
