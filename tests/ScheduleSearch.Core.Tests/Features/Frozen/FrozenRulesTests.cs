using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Frozen;

/// <summary>Two stages, the first of them frozen.</summary>
public class FrozenRulesTests
{
    private static readonly Problem Frozen = Problem.Create(
        Shape.Profile(devices: 2, microbatches: 2, communication: 1, limit: 1) with { Frozen = new() { Stages = [0] } }, splitBackward: false);

    private static readonly Operation[] Second = [Operation.Forward(1, 0), Operation.Backward(1, 0), Operation.Forward(1, 1), Operation.Backward(1, 1)];

    [Fact]
    public void Forwards_are_all_that_there_is_of_a_frozen_stage_and_each_frees_what_it_took()
    {
        Operation[] first = [Operation.Forward(0, 0), Operation.Forward(0, 1)];
        Verifier.CheckOrder(Frozen, [first, Second]).ShouldBeEmpty();
        Verifier.Check(Frozen, TimedOperation.DevicesOf(Replay.Run(Schedule.Of(Frozen, [first, Second])))).ShouldBeEmpty();
        Verifier.CheckOrder(Frozen, [[first[0]], Second]).ShouldBe([new("completeness", 0, -1, "The forward of stage 0, microbatch 1 is missing.")]);
    }

    [Fact]
    public void A_backward_of_a_frozen_stage_does_not_exist()
    {
        Operation[] first = [Operation.Forward(0, 0), Operation.Forward(0, 1), Operation.Backward(0, 0)];
        Verifier.CheckOrder(Frozen, [first, Second])
            .ShouldBe([new("completeness", 0, 2, "The backward of stage 0, microbatch 0 does not exist in this problem.")]);
    }

    [Fact]
    public void A_stage_that_is_trained_needs_its_backward() =>
        Verifier.CheckOrder(Frozen, [[Operation.Forward(0, 0), Operation.Forward(0, 1)], Second[..3]])
            .ShouldBe([new("completeness", 1, -1, "The backward of stage 1, microbatch 1 is missing.")]);
}
