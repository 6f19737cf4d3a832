using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Schedules;

/// <summary>What is said of a broken rule: two devices, one microbatch, unit times, forwards at 0 and 1.</summary>
public class ViolationTests
{
    private static readonly Problem Problem = Create(splitBackward: true);

    private readonly List<List<TimedOperation>> _devices =
    [
        [At(Operation.Forward(0, 0), 0), At(Operation.BackwardInput(0, 0), 3), At(Operation.BackwardWeight(0, 0), 4)],
        [At(Operation.Forward(1, 0), 1), At(Operation.BackwardInput(1, 0), 2), At(Operation.BackwardWeight(1, 0), 3)],
    ];

    [Fact]
    public void A_valid_schedule_has_none() => Verifier.Check(Problem, _devices).ShouldBeEmpty();

    [Fact]
    public void Devices_that_are_not_as_many_as_the_profile_s_are_all_that_is_said()
    {
        _devices.RemoveAt(1);
        ShouldBe(new("completeness", 0, -1, "1 devices are listed; the profile has 2."));
    }

    [Theory]
    [InlineData(0, "The forward of stage 0, microbatch 0 is missing.")]
    [InlineData(1, "The backwardInput of stage 0, microbatch 0 is missing.")]
    [InlineData(2, "The backwardWeight of stage 0, microbatch 0 is missing.")]
    public void What_is_missing_has_no_position(int position, string message)
    {
        _devices[0].RemoveAt(position);
        ShouldBe(new("completeness", 0, -1, message));
    }

    [Fact]
    public void Without_any_backward_the_whole_one_is_missing()
    {
        _devices[1].RemoveRange(1, 2);
        ShouldBe(new("completeness", 1, -1, "The backward of stage 1, microbatch 0 is missing."));
    }

    [Fact]
    public void A_whole_backward_beside_a_half_is_too_much()
    {
        _devices[1][2] = At(Operation.Backward(1, 0), 3);
        ShouldBe(new("completeness", 1, -1, "Stage 1, microbatch 0 has a fused backward and a half of it too."));
    }

    [Fact]
    public void A_kind_that_is_none_is_told_by_its_number()
    {
        _devices[0][1] = At(new Operation((OperationKind)77, 0, 0, 0), 3);
        ShouldBe(new("completeness", 0, 1, "Kind 77 is no kind of operation."));
    }

    [Fact]
    public void What_the_problem_does_not_have_is_told_with_its_place()
    {
        _devices[0][1] = At(Operation.BackwardInput(0, 1), 3);
        ShouldBe(new("completeness", 0, 1, "The backwardInput of stage 0, microbatch 1 does not exist in this problem."));
    }

    [Fact]
    public void Half_a_backward_is_told_where_it_is_ruled_out() =>
        Verifier.Check(Create(splitBackward: false), _devices)[0]
            .ShouldBe(new("split", 0, 1, "The backwardInput of stage 0, microbatch 0 is half a backward, which splitBackward: false rules out."));

    [Fact]
    public void A_wrong_duration_is_told_with_the_right_one()
    {
        _devices[0][2] = new(Operation.BackwardWeight(0, 0), Ticks(4), Ticks(6));
        ShouldBe(new("duration", 0, 2, "The backwardWeight of stage 0, microbatch 0 runs from 4 to 6; it takes 1."));
        _devices[0][2] = At(Operation.BackwardWeight(0, 0), 4);
        _devices[0][0] = At(Operation.Forward(0, 0), -1);
        ShouldBe(new("duration", 0, 0, "The forward of stage 0, microbatch 0 runs from -1 to 0; it takes 1."));
    }

    [Fact]
    public void Two_at_once_are_both_told()
    {
        _devices[1][2] = At(Operation.BackwardWeight(1, 0), 2);
        Verifier.Check(Problem, _devices)[0].ShouldBe(new(
            "lane", 1, 2, "The backwardWeight of stage 1, microbatch 0 starts at 2, before the backwardInput of stage 1, microbatch 0 ends at 3."));
    }

    [Fact]
    public void What_an_operation_did_not_wait_for_is_told_with_its_time()
    {
        _devices[1][0] = At(Operation.Forward(1, 0), 0);
        ShouldBe(new("dependency", 1, 0, "The forward of stage 1, microbatch 0 starts at 0; its input from stage 0 is there at 1."));
    }

    private static Problem Create(bool splitBackward) => Problem.Create(Shape.Profile(devices: 2, microbatches: 1), splitBackward: splitBackward);

    private static long Ticks(decimal time) => Problem.TimeScale.ToTicks(time);

    private static TimedOperation At(Operation operation, decimal start) => new(operation, Ticks(start), Ticks(start + 1));

    private void ShouldBe(Violation violation) => Verifier.Check(Problem, _devices).ShouldHaveSingleItem().ShouldBe(violation);
}
