using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Bounds;

public class HeadTailBoundTests
{
    private static readonly ILowerBound Bound = BoundCatalogue.All.Single(bound => bound.Name == "head-tail");

    /// <summary>Three stages; the work of a microbatch is 111, 27 and 83.</summary>
    private static readonly Profile Uneven = new()
    {
        Pipeline = new() { Devices = 3, Microbatches = 2 },
        Times = new()
        {
            Forward = new[] { 1m, 2m, 3m },
            BackwardInput = new[] { 10m, 20m, 30m },
            BackwardWeight = new[] { 100m, 5m, 50m },
            Communication = LinkValues.Each([[0, 4, 1000], [7, 0, 5], [1000, 8, 0]]),
        },
    };

    [Fact]
    public void The_last_device_works_between_the_way_up_and_the_way_down()
    {
        // Fused, device 2 begins after 1 + 4 + 2 + 5 and is followed by two messages and the backwards of 25 and 110; it ends before device 0 with 222.
        Ticks(Uneven, splitBackward: false).ShouldBe(12 + 2 * 83 + 8 + 25 + 7 + 110);
    }

    [Fact]
    public void Weight_gradients_that_stand_alone_may_end_last_so_that_nothing_comes_after_them()
    {
        Ticks(Uneven).ShouldBe(2 * 111);
        Ticks(Uneven with { Times = Uneven.Times with { BackwardWeight = new[] { 0m, 5m, 90m } } }).ShouldBe(12 + 2 * 123);
    }

    [Fact]
    public void The_span_is_the_work_of_the_busiest_device()
    {
        var problem = Problem.Create(Uneven, Objective.Span, splitBackward: false);
        problem.TimeScale.FromTicks(Bound.Ticks(problem)!.Value).ShouldBe(2 * 111);
    }

    [Fact]
    public void A_device_of_two_pipes_is_reached_by_the_nearer_and_left_by_the_shorter_one()
    {
        // The middle device works 22 on each of 4 microbatches, one stage away from both ends.
        var middle = Shape.Profile(3, 4, placement: "bidirectional", communication: 2);
        middle = middle with { Times = middle.Times with { Forward = new[] { 1m, 10m, 3m }, BackwardInput = new[] { 1m, 12m, 3m }, BackwardWeight = 0 } };

        Ticks(middle, splitBackward: false).ShouldBe(1 + 2 + 4 * 22 + 2 + 1);
    }

    [Fact]
    public void Recompute_is_work_too()
    {
        var profile = Shape.Profile(1, 5, forward: 2, backwardInput: 3, backwardWeight: 4) with { Recompute = new() { Kept = 0, Time = 6 } };
        Ticks(profile).ShouldBe(5 * (2 + 3 + 4 + 6));
    }

    [Fact]
    public void The_best_bound_is_the_largest_and_has_its_name()
    {
        var problem = Problem.Create(Shape.Profile(4, 8, limit: 1));
        BoundCatalogue.All.Select(bound => bound.Ticks(problem)).ShouldBe([8 * 3 + 3, 8 * 9, 8 * 3 + 6 + 6, null, null, null, null]);
        BoundCatalogue.Best(problem).ShouldBe(new ProvedBound(8 * 9, "memory-time"));
    }

    private static decimal Ticks(Profile profile, bool splitBackward = true)
    {
        var problem = Problem.Create(profile, splitBackward: splitBackward);
        return problem.TimeScale.FromTicks(Bound.Ticks(problem)!.Value);
    }
}
