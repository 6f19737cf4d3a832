using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Profiles;

public class ProfileValidationTests
{
    private static readonly Profile Valid = Shape.Profile(devices: 2, microbatches: 4, limit: 2, retained: 1);

    [Fact]
    public void Few_devices_few_microbatches_and_operations_without_time_are_all_valid()
    {
        Problem.Create(Shape.Profile(devices: 1, microbatches: 1)).Stages.ShouldBe(1);
        Problem.Create(Shape.Profile(devices: 4, microbatches: 2, backwardWeight: 0)).BackwardWeight.ShouldBe([0, 0, 0, 0]);
        Problem.Create(Valid with { Memory = null }).LimitOf(1).ShouldBe(long.MaxValue);
    }

    [Theory]
    [InlineData(0, 1, 4, "$.profile.pipeline.devices", ProfileErrorKind.Malformed)]
    [InlineData(-1, 1, 4, "$.profile.pipeline.devices", ProfileErrorKind.Malformed)]
    [InlineData(1_000_000, 1, 4, "$.profile.pipeline.devices", ProfileErrorKind.Impossible)]
    [InlineData(2, 0, 4, "$.profile.pipeline.chunks", ProfileErrorKind.Malformed)]
    [InlineData(2, int.MaxValue, 4, "$.profile.pipeline.chunks", ProfileErrorKind.Impossible)]
    [InlineData(256, 5, 1, "$.profile.pipeline.chunks", ProfileErrorKind.Impossible)]
    [InlineData(2, 1, 0, "$.profile.pipeline.microbatches", ProfileErrorKind.Malformed)]
    [InlineData(2, 1, int.MaxValue, "$.profile.pipeline.microbatches", ProfileErrorKind.Impossible)]
    [InlineData(256, 4, 200, "$.profile.pipeline.microbatches", ProfileErrorKind.Impossible)]
    public void Counts_below_one_are_malformed_and_those_above_the_limits_impossible(
        int devices, int chunks, int microbatches, string path, ProfileErrorKind kind)
    {
        var error = Rejected(Shape.Profile(devices, microbatches, chunks, "interleaved")).ShouldHaveSingleItem();

        (error.Path, error.Kind).ShouldBe((path, kind));
    }

    [Theory]
    [InlineData(null, 2, "$.profile.pipeline.placement")]
    [InlineData("spiral", 1, "$.profile.pipeline.placement")]
    [InlineData("linear", 2, "$.profile.pipeline.chunks")]
    [InlineData("v", 1, "$.profile.pipeline.chunks")]
    [InlineData("explicit", 1, "$.profile.pipeline.stageDevices")]
    [InlineData("bidirectional", 3, "$.profile.pipeline.chunks")]
    public void A_placement_must_exist_and_fit_the_chunks(string? placement, int chunks, string path) =>
        Rejected(Shape.Profile(2, 4, chunks, placement)).ShouldHaveSingleItem().Path.ShouldBe(path);

    [Theory]
    [InlineData(new[] { 0, 1, 0 }, "$.profile.pipeline.stageDevices")]
    [InlineData(new[] { 0, 1, 2, 0 }, "$.profile.pipeline.stageDevices[2]")]
    [InlineData(new[] { 0, -1, 1, 1 }, "$.profile.pipeline.stageDevices[1]")]
    [InlineData(new[] { 1, 1, 1, 1 }, "$.profile.pipeline.stageDevices")]
    public void An_explicit_placement_names_an_existing_device_for_each_stage_and_leaves_none_idle(int[] stageDevices, string path) =>
        Rejected(With(pipeline => pipeline with { Chunks = 2, Placement = "explicit", StageDevices = [.. stageDevices] }))
            .ShouldHaveSingleItem().Path.ShouldBe(path);

    [Fact]
    public void Stage_devices_go_with_the_explicit_placement_only() =>
        Rejected(With(pipeline => pipeline with { StageDevices = [0, 1] })).ShouldHaveSingleItem().Path.ShouldBe("$.profile.pipeline.stageDevices");

    [Fact]
    public void Every_offending_number_is_named_in_the_order_of_the_request()
    {
        var errors = Rejected(Valid with
        {
            Times = Valid.Times with { Forward = new[] { 1m, -1m }, BackwardInput = 0.0000001m, BackwardWeight = new[] { 1m, 1m, 1m } },
            Memory = new() { Limit = 0, Activation = new[] { 2_000_000_000_000m, 1m } },
        });

        errors.Select(error => error.Path).ShouldBe(
        [
            "$.profile.times.forward[1]",
            "$.profile.times.backwardInput",
            "$.profile.times.backwardWeight",
            "$.profile.memory.limit",
            "$.profile.memory.activation[0]",
        ]);
        errors.ShouldAllBe(error => error.Kind == ProfileErrorKind.Malformed);
    }

    [Fact]
    public void Latency_is_one_number_or_one_for_each_pair_of_devices()
    {
        Rejected(Latency([[0, 1]])).ShouldHaveSingleItem().Path.ShouldBe("$.profile.times.communication");
        Rejected(Latency([[0, 1], [1]])).ShouldHaveSingleItem().Path.ShouldBe("$.profile.times.communication");
        Rejected(Latency([[0, 1], [-1, 0]])).ShouldHaveSingleItem().Path.ShouldBe("$.profile.times.communication[1][0]");
        var problem = Problem.Create(Latency([[7, 1], [2, 7]]));
        (problem.Lag(0, 1), problem.Lag(1, 0), problem.Lag(0, 0)).ShouldBe((1, 2, 0));
    }

    [Fact]
    public void Times_that_are_all_zero_are_malformed_whatever_the_latency() =>
        Rejected(Valid with { Times = new() { Forward = 0, BackwardInput = 0, BackwardWeight = 0, Communication = 1 } })
            .ShouldHaveSingleItem().Path.ShouldBe("$.profile.times");

    [Fact]
    public void Times_a_thousand_million_apart_are_malformed_and_the_smallest_is_named()
    {
        var times = Valid.Times with { Forward = 1000, BackwardInput = new[] { 1000m, 0.000001m } };
        Rejected(Valid with { Times = times }).ShouldHaveSingleItem().Path.ShouldBe("$.profile.times.backwardInput[1]");
        Rejected(Valid with { Times = Valid.Times with { Forward = 1000, Communication = 0.000001m } })
            .ShouldHaveSingleItem().Path.ShouldBe("$.profile.times.communication");
        Problem.Create(Valid with { Times = Valid.Times with { Forward = 999, Communication = 0.000001m } }).TimeScale.Digits.ShouldBe(6);
    }

    [Fact]
    public void A_limit_needs_activations_and_a_number_for_each_stage_is_in_range()
    {
        Rejected(Valid with { Memory = new() { Limit = 4 } }).ShouldHaveSingleItem().Path.ShouldBe("$.profile.memory.activation");
        Rejected(Valid with { Memory = new() { Activation = 1, Retained = new[] { 1m, -2m } } })
            .ShouldHaveSingleItem().Path.ShouldBe("$.profile.memory.retained[1]");
    }

    [Fact]
    public void A_limit_below_what_any_order_needs_is_impossible_and_says_how_much_would_do()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 4, chunks: 2, "v");
        var activation = StageValues.Each([1, 2, 3.5m, 4]);

        var error = Rejected(profile with { Memory = new() { Limit = new[] { 5m, 5.4m }, Activation = activation } }).ShouldHaveSingleItem();
        error.ShouldBe(new(
            "$.profile.memory.limit[1]",
            "Device 1 needs at least 5.5 in any order, the activations of its stages; the limit is 5.4.",
            ProfileErrorKind.Impossible));

        Rejected(profile with { Memory = new() { Limit = 4.5m, Activation = activation } }).ShouldHaveSingleItem().ShouldBe(new(
            "$.profile.memory.limit",
            "Device 1 needs at least 5.5 in any order, the activations of its stages; the limit is 4.5.",
            ProfileErrorKind.Impossible));
        Problem.Create(profile with { Memory = new() { Limit = 5.5m, Activation = activation } }).Limit.ShouldBe([55, 55]);
    }

    [Fact]
    public void A_limit_that_holds_the_least_only_by_digits_beyond_the_scale_is_impossible_too()
    {
        var activation = StageValues.Each([499_999_999_999.55m, 499_999_999_999.45m]);
        var profile = Shape.Profile(devices: 1, microbatches: 60_000, chunks: 2, "interleaved");

        var error = Rejected(profile with { Memory = new() { Limit = 999_999_999_999m, Activation = activation } }).ShouldHaveSingleItem();

        (error.Path, error.Kind).ShouldBe(("$.profile.memory.limit", ProfileErrorKind.Impossible));
    }

    [Fact]
    public void One_malformed_member_makes_the_whole_request_malformed()
    {
        var impossible = new ProfileError("$.a", "A.", ProfileErrorKind.Impossible);
        new InvalidProfileException([impossible]).Kind.ShouldBe(ProfileErrorKind.Impossible);
        new InvalidProfileException([impossible, new("$.b", "B.")]).Kind.ShouldBe(ProfileErrorKind.Malformed);
    }

    private static IReadOnlyList<ProfileError> Rejected(Profile profile) =>
        Should.Throw<InvalidProfileException>(() => Problem.Create(profile)).Errors;

    private static Profile With(Func<PipelineShape, PipelineShape> change) => Valid with { Pipeline = change(Valid.Pipeline) };

    private static Profile Latency(decimal[][] matrix) =>
        Valid with { Times = Valid.Times with { Communication = LinkValues.Each(matrix) } };
}
