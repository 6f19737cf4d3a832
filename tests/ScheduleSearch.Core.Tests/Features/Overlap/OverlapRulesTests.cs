using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Overlap;

/// <summary>Two microbatches on one device: the second forward and the first backward are a pair.</summary>
public class OverlapRulesTests
{
    private static readonly Profile Profile = Shape.Profile(devices: 1, microbatches: 2);

    private static readonly Operation First = Operation.Forward(0, 1).InPair(PlaceInPair.First);

    private static readonly Operation Second = Operation.Backward(0, 0).InPair(PlaceInPair.Second);

    [Fact]
    public void A_pair_side_by_side_is_valid() =>
        Check(Profile, [Operation.Forward(0, 0), First, Second, Operation.Backward(0, 1)]).ShouldBeEmpty();

    [Fact]
    public void Halves_that_do_not_stand_side_by_side_are_told_each() =>
        Check(Profile, [Operation.Forward(0, 0), Second, First, Operation.Backward(0, 1)]).ShouldBe(
        [
            new("overlap", 0, 1, $"The {Second} does not stand beside the other half of its pair."),
            new("overlap", 0, 2, $"The {First} does not stand beside the other half of its pair."),
        ]);

    [Fact]
    public void Slices_do_not_overlap()
    {
        var sliced = Profile with { Slices = new SequenceSlices { Count = 2 } };
        Operation Slice(Operation operation, int slice) => operation with { Slice = slice };
        Operation[] order =
        [
            Operation.Forward(0, 0), Slice(Operation.Forward(0, 0), 1), Operation.Forward(0, 1), Slice(Operation.Backward(0, 0), 1),
            Slice(First, 1), Second, Slice(Operation.Backward(0, 1), 1), Operation.Backward(0, 1),
        ];
        Check(sliced, order).ShouldBe(
        [
            new("overlap", 0, 4, $"The {Slice(First, 1)} overlaps, which slices do not."),
            new("overlap", 0, 5, $"The {Second} overlaps, which slices do not."),
        ]);
    }

    [Fact]
    public void A_forward_alone_and_in_a_pair_is_one_too_many() =>
        Check(Profile, [Operation.Forward(0, 0), First, Second, Operation.Forward(0, 1), Operation.Backward(0, 1)])
            .ShouldBe([new("completeness", 0, -1, "Stage 0, microbatch 1 has a forward alone and one in a pair.")]);

    [Fact]
    public void A_backward_alone_and_in_a_pair_is_one_too_many() =>
        Check(Profile, [Operation.Forward(0, 0), Operation.Backward(0, 0), First, Second, Operation.Backward(0, 1)])
            .ShouldBe([new("completeness", 0, -1, "Stage 0, microbatch 0 has a backward alone and one in a pair.")]);

    private static IReadOnlyList<Violation> Check(Profile profile, Operation[] order) =>
        Verifier.CheckOrder(Problem.Create(profile, splitBackward: false), [order]);
}
