using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Schedules;

/// <summary>Keys and values of a microbatch in two slices stay until the backward of its first slice, in the replay and for the verifier alike.</summary>
public class KeyValueMemoryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Room_for_one_microbatch_is_enough_for_one_after_the_other(bool split)
    {
        // Two slices, each with half of an activation of 1 and 2 of keys and values.
        var problem = Sliced(limit: 5, split);
        Operation[] order = [.. Enumerable.Range(0, 3).SelectMany(OneMicrobatch).SelectMany(operation => split ? InHalves(operation) : [operation])];

        Verifier.CheckOrder(problem, [order]).ShouldBeEmpty();
        problem.MemoryScale.FromTicks(ScheduleMetrics.Of(Replay.Run(Schedule.Of(problem, [order]))).PeakMemory.Single()).ShouldBe(5);
    }

    [Fact]
    public void The_backward_of_the_last_slice_frees_its_activation_but_no_keys_and_values()
    {
        // With the first microbatch's last slice gone, 4.5 are held; two slices more reach 9.5 where 5 + 4.5 are held at most.
        var (first, second) = (OneMicrobatch(0), OneMicrobatch(1));
        Operation[] overlapping = [.. first[..3], .. second[..2], first[3], .. second[2..], .. OneMicrobatch(2)];

        Verifier.CheckOrder(Sliced(limit: 9.5m), [overlapping]).ShouldBeEmpty();
        var violation = Verifier.CheckOrder(Sliced(limit: 9.4m), [overlapping]).ShouldHaveSingleItem();
        (violation.Rule, violation.Device, violation.Position).ShouldBe(("memory", 0, 4));
    }

    private static Problem Sliced(decimal limit, bool split = false) => Problem.Create(
        Shape.Profile(devices: 1, microbatches: 3, limit: limit) with { Slices = new() { Count = 2, KeyValue = 2 } }, splitBackward: split);

    private static Operation[] InHalves(Operation operation) => operation.IsForward
        ? [operation]
        : [operation with { Kind = OperationKind.BackwardInput }, operation with { Kind = OperationKind.BackwardWeight }];

    /// <summary>Forwards from the first slice to the last, backwards from the last to the first.</summary>
    private static Operation[] OneMicrobatch(int microbatch) =>
    [
        Operation.Forward(0, microbatch), Operation.Forward(0, microbatch) with { Slice = 1 },
        Operation.Backward(0, microbatch) with { Slice = 1 }, Operation.Backward(0, microbatch),
    ];
}
