using ScheduleSearch.Core.Profiles;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Profiles;

/// <summary>Which problems have the same operations, and how near those are to each other.</summary>
public class ProblemDistanceTests
{
    [Fact]
    public void Another_scale_is_no_distance_and_the_more_differs_the_larger_it_is()
    {
        var problem = Of(forward: 4);
        ProblemDistance.Between(problem, problem).ShouldBe(0);
        var faster = Problem.Create(Profile(forward: 2) with { Times = new() { Forward = 2, BackwardInput = 1, BackwardWeight = 0.5m, Communication = 0.1m } });
        ProblemDistance.Between(problem, faster).ShouldBe(0, tolerance: 1e-12);
        var (near, far) = (ProblemDistance.Between(problem, Of(forward: 4.4m)), ProblemDistance.Between(problem, Of(forward: 6)));
        near.ShouldBeGreaterThan(0);
        far.ShouldBeGreaterThan(near);
        ProblemDistance.Between(Of(forward: 6), problem).ShouldBe(far, tolerance: 1e-12, "either way");
        ProblemDistance.Between(problem, Of(forward: 4, limit: 3)).ShouldBe(0.25, tolerance: 1e-12, "a room of three microbatches where there was one of four");
        ProblemDistance.Between(problem, Of(forward: 4, limit: 100)).ShouldBe(0.5, tolerance: 1e-12, "all eight");
    }

    [Theory]
    [InlineData(4, 4, true)]
    [InlineData(4.1, 4, true)]
    [InlineData(3.9, 4, false)]
    [InlineData(4, 3, true)]
    [InlineData(4, 5, false)]
    public void A_problem_that_asks_no_less_is_one_whose_orders_are_worth_as_much_elsewhere(double forward, double limit, bool expected) =>
        ProblemDistance.AsksNoLess(Of((decimal)forward, (decimal)limit), Of(forward: 4)).ShouldBe(expected);

    [Fact]
    public void Shapes_differ_in_what_orders_are_made_of_and_in_nothing_else()
    {
        var profile = Profile(forward: 4);
        Between(profile with { Name = "other", Times = profile.Times with { Forward = 9 }, Memory = null }).ShouldBeEmpty();
        Between(profile with { Pipeline = profile.Pipeline with { Placement = "explicit", StageDevices = [0, 1, 2, 3] } }).ShouldBeEmpty("the same placement");
        Between(profile with { Pipeline = profile.Pipeline with { Microbatches = 9 } }).ShouldBe(["$.profile.pipeline.microbatches"]);
        Between(profile with { Pipeline = profile.Pipeline with { Placement = "explicit", StageDevices = [0, 2, 1, 3] } })
            .ShouldBe(["$.profile.pipeline.placement"]);
        Between(profile with { Pipeline = profile.Pipeline with { Chunks = 2, Placement = "v" } }).ShouldBe(["$.profile.pipeline.chunks"]);
        Between(profile with { Recompute = new() { Kept = 0.5m } }).ShouldBe(["$.profile.recompute"]);
        Between(profile with { Slices = new() { Count = 2 } }).ShouldBe(["$.profile.slices"]);

        IEnumerable<string> Between(Profile other) =>
            ShapeDifference.Between(Problem.Create(profile), Problem.Create(other)).Select(difference => difference.Path);
    }

    private static Problem Of(decimal forward, decimal limit = 4) => Problem.Create(Profile(forward, limit));

    private static Profile Profile(decimal forward, decimal limit = 4) => new()
    {
        Pipeline = new() { Devices = 4, Microbatches = 8 },
        Times = new() { Forward = forward, BackwardInput = 2, BackwardWeight = 1, Communication = 0.2m },
        Memory = new() { Activation = 1, Limit = limit },
    };
}
