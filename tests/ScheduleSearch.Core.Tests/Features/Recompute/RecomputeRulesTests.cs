using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Recompute;

/// <summary>Two microbatches on one device, whose activations of 4 shrink to 1 until they are recomputed.</summary>
public class RecomputeRulesTests
{
    private static readonly Operation[] OneAfterTheOther = [Forward(0), Forward(1), Again(0), Backward(0), Again(1), Backward(1)];

    private static readonly Operation[] BothAtOnce = [Forward(0), Forward(1), Again(0), Again(1), Backward(0), Backward(1)];

    [Fact]
    public void Beside_a_whole_activation_only_what_is_kept_of_the_other_is_held()
    {
        Verifier.CheckOrder(Limited(5), [OneAfterTheOther]).ShouldBeEmpty();
        Verifier.CheckOrder(Limited(4.9m), [OneAfterTheOther]).Select(violation => (violation.Rule, violation.Position)).ShouldBe([("memory", 1)]);
    }

    [Fact]
    public void A_recompute_that_is_missing_is_told() =>
        Verifier.CheckOrder(Limited(8), [[.. OneAfterTheOther.Where(operation => operation != Again(1))]])
            .ShouldBe([new("completeness", 0, -1, "The recompute of stage 0, microbatch 1 is missing.")]);

    [Fact]
    public void What_is_recomputed_is_held_again()
    {
        Verifier.CheckOrder(Limited(8), [BothAtOnce]).ShouldBeEmpty();
        Verifier.CheckOrder(Limited(7.9m), [BothAtOnce]).Select(violation => (violation.Rule, violation.Position)).ShouldBe([("memory", 3)]);
    }

    [Fact]
    public void A_backward_waits_for_what_is_recomputed_and_that_for_its_forward()
    {
        var times = TimedOperation.DevicesOf(Replay.Run(Schedule.Of(Limited(8), [OneAfterTheOther])))[0].ToArray();
        Verifier.Check(Limited(8), [times]).ShouldBeEmpty();

        // The backward and its recompute change places, times and all.
        var late = times.ToArray();
        (late[2], late[3]) = (new(times[3].Operation, 2, 4), new(times[2].Operation, 4, 5));
        Verifier.Check(Limited(8), [late]).ShouldHaveSingleItem().Message
            .ShouldBe("The backward of stage 0, microbatch 0 starts at 2; its activation from stage 0 is there at 5.");

        var early = times.ToArray();
        (early[0], early[1], early[2]) = (new(times[2].Operation, 0, 1), new(times[0].Operation, 1, 2), new(times[1].Operation, 2, 3));
        Verifier.Check(Limited(8), [early]).ShouldHaveSingleItem().Message
            .ShouldBe("The recompute of stage 0, microbatch 0 starts at 0; its kept activation from stage 0 is there at 2.");
    }

    private static Problem Limited(decimal limit) => Problem.Create(
        Shape.Profile(devices: 1, microbatches: 2, activation: 4, limit: limit) with { Recompute = new() { Kept = 1 } }, splitBackward: false);

    private static Operation Forward(int microbatch) => Operation.Forward(0, microbatch);

    private static Operation Backward(int microbatch) => Operation.Backward(0, microbatch);

    private static Operation Again(int microbatch) => new(OperationKind.Recompute, 0, 0, microbatch);
}
