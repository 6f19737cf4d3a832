using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Profiles;

/// <summary>Slices, recomputing, overlapped pairs and weights: what is asked for must make sense beside the rest of the profile.</summary>
public class FeatureValidationTests
{
    private static readonly Profile Valid = Shape.Profile(devices: 2, microbatches: 4, activation: 4);

    [Theory]
    [InlineData(0, null, null, "$.profile.slices.count")]
    [InlineData(2, 100, null, "$.profile.slices.hidden")]
    [InlineData(4, 3, 8, "$.profile.slices.sequence")]
    public void Slices_need_a_count_and_a_sequence_that_can_be_cut(int count, int? sequence, int? hidden, string path) =>
        PathOf(Valid with { Slices = new() { Count = count, Sequence = sequence, Hidden = hidden } }).ShouldBe(path);

    [Fact]
    public void Shares_are_one_for_each_slice_and_above_nothing()
    {
        PathOf(Valid with { Slices = new() { Count = 2, Forward = [1, 2, 3] } }).ShouldBe("$.profile.slices.forward");
        PathOf(Valid with { Slices = new() { Count = 2, Backward = [1, 0] } }).ShouldBe("$.profile.slices.backward[1]");
        PathOf(Valid with { Slices = new() { Count = 2, Cut = SequenceCut.EqualFlops } }).ShouldBe("$.profile.slices.cut");
    }

    [Fact]
    public void What_is_kept_is_a_part_of_the_activation_and_stages_exist()
    {
        PathOf(Valid with { Recompute = new() { Kept = 5 } }).ShouldBe("$.profile.recompute.kept");
        PathOf(Valid with { Recompute = new() { Kept = 1, Stages = [2] } }).ShouldBe("$.profile.recompute.choose");
    }

    [Theory]
    [InlineData(1.9)]
    [InlineData(3.1)]
    public void A_pair_takes_no_less_than_the_longer_of_the_two_and_no_more_than_both(double duration) =>
        PathOf(Valid with { Overlap = new() { Duration = (decimal)duration } }).ShouldBe("$.profile.overlap.duration");

    [Fact]
    public void A_pair_is_never_longer_than_its_two_operations_one_after_the_other()
    {
        var profile = Valid with { Times = Valid.Times with { BackwardInput = new[] { 1m, 5m } }, Overlap = new() { Duration = new[] { 2.5m, 6.5m } } };
        var problem = Problem.Create(profile);

        problem.TimeScale.FromTicks(problem.PairTime(0, 0)).ShouldBe(2.5m);
        problem.TimeScale.FromTicks(problem.PairTime(1, 0)).ShouldBe(3m);
    }

    [Fact]
    public void Weights_are_taken_from_the_total_before_activations_are()
    {
        var profile = Valid with { Memory = Valid.Memory! with { Weights = 10, Total = 18 } };
        Problem.Create(profile).Limit.ShouldBe([8, 8]);

        var error = Rejected(profile with { Memory = profile.Memory with { Total = new[] { 18m, 13m } } }).ShouldHaveSingleItem();
        error.ShouldBe(new ProfileError(
            "$.profile.memory.total[1]",
            "Device 1 needs at least 14 in any order, 10 of weights and 4 of activations; the limit is 13.",
            ProfileErrorKind.Impossible));
        PathOf(profile with { Memory = profile.Memory with { Limit = 8 } }).ShouldBe("$.profile.memory.total");
    }

    [Fact]
    public void Devices_of_two_pipes_hold_the_weights_of_both()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 4, placement: "bidirectional");
        var problem = Problem.Create(profile with { Memory = profile.Memory! with { Weights = new[] { 3m, 5m } } });

        problem.WeightsOn(0).ShouldBe(8);
        problem.WeightsOn(1).ShouldBe(8);
    }

    [Fact]
    public void Two_pipes_are_possible_as_soon_as_one_of_them_fits()
    {
        var uneven = Shape.Profile(devices: 2, microbatches: 4, placement: "bidirectional");
        Profile With(decimal first, decimal second) =>
            uneven with { Memory = uneven.Memory! with { Activation = new[] { 1m, 3m }, Limit = new[] { first, second } } };

        var problem = Problem.Create(With(1, 3));
        (problem.HasRoomFor(0), problem.HasRoomFor(1)).ShouldBe((true, false));
        PathOf(With(1, 2)).ShouldBe("$.profile.memory.limit[1]");
    }

    [Fact]
    public void Computing_again_lets_a_device_hold_many_chunks_of_which_one_is_whole()
    {
        var profile = Shape.Profile(devices: 1, microbatches: 2, chunks: 4, "interleaved", activation: 10);
        PathOf(profile with { Memory = profile.Memory! with { Limit = 13 } }).ShouldBe("$.profile.memory.limit");

        var again = profile with { Memory = profile.Memory with { Limit = 13 }, Recompute = new() { Kept = 1 } };
        Problem.Create(again).LeastMemory(device: 0, pipe: 0).ShouldBe(13);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 16)]
    public void What_a_later_chunk_holds_is_gone_before_an_earlier_one_is_recomputed(int again, int least)
    {
        // The first chunk holds 10, the second 6. Recomputed, the first is dropped before the second begins and whole again only after it.
        var profile = Shape.Profile(devices: 1, microbatches: 2, chunks: 2, "interleaved");
        profile = profile with { Memory = profile.Memory! with { Activation = new[] { 10m, 6m } }, Recompute = new() { Kept = 0, Stages = [again] } };
        Profile Limited(decimal limit) => profile with { Memory = profile.Memory with { Limit = limit } };

        var problem = Problem.Create(Limited(least), splitBackward: false);
        problem.LeastMemory(device: 0, pipe: 0).ShouldBe(least);
        PathOf(Limited(least - 0.1m)).ShouldBe("$.profile.memory.limit");
        var order = Enumerable.Range(0, 2).SelectMany(microbatch => new[]
        {
            Operation.Forward(0, microbatch), Operation.Forward(1, microbatch), new Operation(OperationKind.Recompute, 0, 1, microbatch),
            Operation.Backward(1, microbatch), new Operation(OperationKind.Recompute, 0, 0, microbatch), Operation.Backward(0, microbatch),
        });
        order = order.Where(operation => operation.Kind != OperationKind.Recompute || operation.Stage == again);
        Verifier.CheckOrder(problem, [order.ToArray()]).ShouldBeEmpty();
    }

    [Fact]
    public void Computing_nothing_again_is_no_feature()
    {
        Problem.Create(Valid with { Recompute = new() { Kept = 1 } }).Features.ShouldNotBeEmpty();
        Problem.Create(Valid with { Recompute = new() { Kept = 1, Stages = [1] } }).Features.ShouldNotBeEmpty();
        Problem.Create(Valid with { Recompute = new() { Kept = 1, Stages = [] } }).Features.ShouldBeEmpty();
    }

    private static string PathOf(Profile profile) => Rejected(profile).ShouldHaveSingleItem().Path;

    private static IReadOnlyList<ProfileError> Rejected(Profile profile) =>
        Should.Throw<InvalidProfileException>(() => Problem.Create(profile)).Errors;
}
