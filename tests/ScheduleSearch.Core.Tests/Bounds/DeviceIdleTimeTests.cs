using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Bounds;

/// <summary>Idle ticks of one device by worked numbers, on stages whose times, latencies and memory all differ.</summary>
public class DeviceIdleTimeTests
{
    /// <summary>A round trip from stage 0 takes 13, from stage 1 it takes 3; after stage 1 the pipeline goes on for 7.</summary>
    private static Profile Linear(int microbatches, bool limited = true) => new()
    {
        Pipeline = new() { Devices = 2, Microbatches = microbatches },
        Times = new()
        {
            Forward = new[] { 2m, 3m },
            BackwardInput = new[] { 4m, 5m },
            BackwardWeight = new[] { 1m, 6m },
            Communication = LinkValues.Each([[0, 1], [2, 0]]),
        },
        Memory = new() { Activation = new[] { 2m, 3m }, Retained = new[] { 1m, 2m }, Limit = limited ? StageValues.Each([4m, 6m]) : null },
    };

    /// <summary>Stages 0 and 3 on device 0, stages 1 and 2 on device 1.</summary>
    private static Profile Vee(int microbatches, decimal back = 2, bool limited = true) => new()
    {
        Pipeline = new() { Devices = 2, Chunks = 2, Placement = "v", Microbatches = microbatches },
        Times = new()
        {
            Forward = new[] { 1m, 2m, 3m, 4m },
            BackwardInput = new[] { 2m, 3m, 4m, 5m },
            BackwardWeight = new[] { 1m, 1m, 2m, 3m },
            Communication = LinkValues.Each([[0, 1], [back, 0]]),
        },
        Memory = new() { Activation = new[] { 1m, 2m, 3m, 4m }, Retained = new[] { 1m, 1m, 1m, 2m }, Limit = limited ? StageValues.Each([12m, 8m]) : null },
    };

    /// <summary>The middle one of three devices, in both pipes on stage 1: a round trip takes 20 in the first pipe and 12 in the second.</summary>
    private static Profile TwoPipes(int microbatches) => new()
    {
        Pipeline = new() { Devices = 3, Placement = "bidirectional", Microbatches = microbatches },
        Times = new()
        {
            Forward = new[] { 1m, 2m, 3m },
            BackwardInput = new[] { 1m, 2m, 4m },
            BackwardWeight = new[] { 1m, 1m, 2m },
            Communication = LinkValues.Each([[0, 1, 100], [2, 0, 5], [100, 6, 0]]),
        },
        Memory = new() { Activation = 1, Limit = 3 },
    };

    [Theory]
    // Device 0 idles 13 less two forwards of 2 in its warm-up, and 18 less a forward and two backwards of 5 in its cool-down.
    [InlineData(5, 0, Objective.Span, (13 - 4) + (18 - 12))]
    [InlineData(5, 0, Objective.Makespan, (13 - 4) + (18 - 12))]
    // Two microbatches fit together, one is alone: the windows may be one.
    [InlineData(2, 0, Objective.Span, 13 - 4)]
    [InlineData(2, 0, Objective.Makespan, 13 - 4)]
    [InlineData(1, 0, Objective.Span, 13 - 2)]
    // Device 1 has more to do than its windows are long; it is reached after 3, and weight gradients that it puts off fill the tail of 7.
    [InlineData(5, 1, Objective.Span, 0)]
    [InlineData(5, 1, Objective.Makespan, 3)]
    // Of one microbatch there is one weight gradient of 6 for the tail of 7.
    [InlineData(1, 1, Objective.Makespan, 3 + 1)]
    public void Idle_time_of_a_linear_pipeline(int microbatches, int device, Objective objective, double least) =>
        Least(Linear(microbatches), device, objective).ShouldBe((decimal)least);

    [Theory]
    // Up from stage 0 to stage 3 and its forward take 13; a forward of each stage, and one of 4 and two of 1 more, fit in a memory of 12.
    [InlineData(0, Objective.Span, 13 - (5 + 6))]
    [InlineData(0, Objective.Makespan, 13 - (5 + 6))]
    // From stage 1 up and back to stage 2 takes 17, from stage 2 up and back to the end of stage 1 takes 23.
    // On device 0 a microbatch takes 2 before it is here and 5 after, of which a weight gradient of 1 that is put off here fills as much.
    [InlineData(1, Objective.Span, (17 - 8) + (23 - 19) + (2 + 5 - 1))]
    // A weight gradient of 1 in the tail of 5; each tick more in it would be one more of idle time before.
    [InlineData(1, Objective.Makespan, 2 + (17 - 8) + (23 - 19) + (5 - 1))]
    public void Idle_time_of_two_stages_on_a_device(int device, Objective objective, double least) =>
        Least(Vee(3), device, objective).ShouldBe((decimal)least);

    [Fact]
    public void Where_the_windows_may_be_one_the_tail_follows_the_longer_of_them()
    {
        // The warm-up idles 35 - 10 and the tail of 23 has 6 of weight gradients; the cool-down idles 41 - 23 and has one of them in the tail.
        Least(Vee(2, back: 20, limited: false), 1, Objective.Makespan).ShouldBe(2 + (35 - 10) + (23 - 6));
    }

    [Theory]
    // Before the first backward three forwards of 2 fit, of the last forward on one forward and three backwards of 3, in the pipe that is back sooner.
    [InlineData(4, Objective.Span, (12 - 6) + (15 - 11))]
    [InlineData(3, Objective.Span, 12 - 6)]
    // The first pipe arrives after 2 and leaves a tail of 4, which one weight gradient shortens.
    [InlineData(4, Objective.Makespan, 2 + (12 - 6) + (15 - 11) + (4 - 1))]
    [InlineData(3, Objective.Makespan, 2 + (12 - 6) + (4 - 3))]
    public void Idle_time_of_a_device_in_two_pipes(int microbatches, Objective objective, double least) =>
        Least(TwoPipes(microbatches), 1, objective).ShouldBe((decimal)least);

    [Theory]
    // The second pipe is back after 7 with two forwards done, and idles 4 of its 9 after the last forward; its activations of 3 do not fit twice,
    // but those of the first pipe do, which both microbatches may run down: the windows may be one.
    [InlineData(2, 7 - 2)]
    [InlineData(5, (7 - 2) + (9 - 5))]
    public void The_windows_are_two_where_the_microbatches_of_no_pipe_fit_together(int microbatches, double least)
    {
        var profile = Shape.Profile(4, microbatches, placement: "bidirectional", communication: 2) with
        {
            Memory = new() { Activation = new[] { 1m, 1m, 3m, 1m }, Limit = 4 },
        };
        Least(profile, 1, Objective.Span).ShouldBe((decimal)least);
    }

    [Fact]
    public void Fused_backwards_leave_nothing_for_the_tail()
    {
        // Round trips take 6 longer, as the weight gradient of stage 1 comes first, and device 1 is left 7 + 1 before the end.
        Least(Linear(5), 0, Objective.Span, split: false).ShouldBe((19 - 4) + (19 + 5 - 12));
        Least(Linear(5), 1, Objective.Makespan, split: false).ShouldBe(3 + 7);
    }

    private static decimal Least(Profile profile, int device, Objective objective, bool split = true)
    {
        var problem = Problem.Create(profile, objective, split);
        return problem.TimeScale.FromTicks(new DeviceIdleTime(problem, new PipeShareWork(problem).Paths, device).Least());
    }
}
