using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Bounds;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Bounds;

/// <summary>Three stages, the first on device 1, whose times and latencies all differ.</summary>
public class FirstDeviceTests
{
    private static readonly Profile Profile = new()
    {
        Pipeline = new() { Devices = 3, Placement = "explicit", StageDevices = [1, 0, 2], Microbatches = 4 },
        Times = new()
        {
            Forward = new[] { 1m, 2m, 3m },
            BackwardInput = new[] { 10m, 20m, 30m },
            BackwardWeight = new[] { 100m, 200m, 300m },
            Communication = LinkValues.Each([[0, 0.25m, 0.5m], [4, 0, 1000], [8, 1000, 0]]),
        },
        Memory = new() { Activation = new[] { 6m, 5m, 4m }, Retained = new[] { 3m, 2m, 1m }, Limit = new[] { 50m, 13m, 40m } },
    };

    [Theory]
    [InlineData(true, 8 + 30 + 0.25 + 20)]
    [InlineData(false, 8 + 330 + 0.25 + 220)]
    public void The_others_become_the_lags_of_all_they_do_and_send(bool split, double down)
    {
        var problem = Problem.Create(Profile, Objective.Span, split);
        var first = FirstDevice.Of(problem)!;
        decimal Units(long ticks) => first.TimeScale.FromTicks(ticks);

        Units(first.Lag(0, 1)).ShouldBe(4 + 2 + 0.5m + 3);
        Units(first.Lag(1, 0)).ShouldBe((decimal)down);
        first.Forward.Select(Units).ShouldBe([1, 0]);
        first.BackwardInput.Select(Units).ShouldBe([10, 0]);
        first.BackwardWeight.Select(Units).ShouldBe([100, 0]);
        (first.Devices, first.Microbatches, first.Objective, first.SplitBackward).ShouldBe((2, 4, Objective.Makespan, split));
    }

    [Fact]
    public void Memory_is_that_of_the_first_device()
    {
        var first = FirstDevice.Of(Problem.Create(Profile))!;
        decimal Units(long ticks) => first.MemoryScale.FromTicks(ticks);

        first.Activation.Select(Units).ShouldBe([6, 0]);
        first.Retained.Select(Units).ShouldBe([3, 0]);
        Units(first.LimitOf(0)).ShouldBe(13);
    }

    [Fact]
    public void There_is_none_of_one_device_of_several_chunks_of_two_pipes_or_without_memory()
    {
        FirstDevice.Of(Problem.Create(Shape.Profile(1, 4, limit: 4))).ShouldBeNull();
        FirstDevice.Of(Problem.Create(Shape.Profile(2, 4, chunks: 2, placement: "v", limit: 4))).ShouldBeNull();
        FirstDevice.Of(Problem.Create(Shape.Profile(2, 4, placement: "bidirectional", limit: 4))).ShouldBeNull();
        FirstDevice.Of(Problem.Create(Profile with { Memory = null })).ShouldBeNull();
        FirstDevice.Of(Problem.Create(Shape.Profile(2, 4, limit: 4))).ShouldNotBeNull();
    }
}
