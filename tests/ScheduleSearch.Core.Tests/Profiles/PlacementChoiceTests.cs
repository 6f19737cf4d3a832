using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Profiles;

public sealed class PlacementChoiceTests
{
    [Fact]
    public void Every_placement_is_tried_with_every_number_of_chunks_that_divides()
    {
        var names = Create(Open(devices: 3, chunks: 4)).Alternatives.Select(alternative => (alternative.Placement, alternative.Chunks));
        names.Where(name => name.Placement != "wave").ShouldBe(
            [("linear", 1), ("bidirectional", 1), ("interleaved", 2), ("v", 2), ("bidirectional", 2), ("interleaved", 4)]);
    }

    [Fact]
    public void Maps_that_come_out_the_same_are_tried_once() =>
        Create(Open(devices: 1, chunks: 2)).Alternatives.Select(alternative => (alternative.Placement, alternative.Chunks))
            .ShouldBe([("linear", 1), ("interleaved", 2)]);

    [Fact]
    public void Merged_stages_take_and_hold_what_their_parts_do_together()
    {
        var merged = Alternative(Open(devices: 2, chunks: 2) with
        {
            Times = new OperationTimes { Forward = new[] { 1m, 2, 3, 4 }, BackwardInput = 2, BackwardWeight = new[] { 1m, 1, 0, 0 }, Communication = LinkValues.Same(0.5m) },
            Memory = new ActivationMemory { Limit = 20, Activation = new[] { 1m, 2, 3, 4 }, Retained = 0.5m, Weights = new[] { 5m, 6, 7, 8 } },
            Slices = new SequenceSlices { Count = 2, KeyValue = 1 },
        }, "linear").Profile;
        merged.Pipeline.ShouldBe(new PipelineShape { Devices = 2, Chunks = 1, Placement = "linear", Microbatches = 4 });
        merged.Times.Forward.Numbers.ShouldBe([3, 7]);
        merged.Times.BackwardInput.Numbers.ShouldBe([4]);
        merged.Times.BackwardWeight.Numbers.ShouldBe([2, 0]);
        merged.Times.Communication.Latency[0, 1].ShouldBe(0.5m);
        merged.Memory!.Limit!.Numbers.ShouldBe([20]);
        merged.Memory.Activation!.Numbers.ShouldBe([3, 7]);
        merged.Memory.Retained!.Numbers.ShouldBe([1]);
        merged.Memory.Weights!.Numbers.ShouldBe([11, 15]);
        merged.Slices!.KeyValue!.Numbers.ShouldBe([2]);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(3, 3)]
    public void A_merged_stage_recomputes_what_its_parts_do_and_keeps_the_rest(int? time, int again)
    {
        var recompute = Alternative(Open(devices: 2, chunks: 2) with
        {
            Memory = new ActivationMemory { Activation = new[] { 4m, 5, 6, 7 } },
            Recompute = new ActivationRecompute { Time = time is { } own ? StageValues.Same(own) : null, Kept = 1, Stages = [1] },
        }, "linear");
        (recompute.Recomputes(0), recompute.Recomputes(1)).ShouldBe((true, false));
        recompute.Profile.Recompute!.Kept!.Numbers.ShouldBe([5, 13]);
        recompute.Profile.Recompute.Time!.Numbers.ShouldBe([again, 0]);
    }

    [Fact]
    public void An_alternative_is_the_problem_that_would_be_asked_for_by_its_name()
    {
        var open = Open(devices: 2, chunks: 2);
        var named = Problem.Create(open with { Pipeline = open.Pipeline with { Placement = "v" } });
        Alternative(open, "v").Id.ShouldBe(named.Id);
        Create(open).Id.ShouldNotBe(named.Id);
        Create(open with { Name = "x", Times = open.Times with { Forward = new[] { 1m, 1, 1, 1 } } }).Id.ShouldBe(Create(open).Id);
        Create(open with { Times = open.Times with { Forward = 2 } }).Id.ShouldNotBe(Create(open).Id);
        Create(open, split: false).Id.ShouldNotBe(Create(open).Id);
    }

    [Fact]
    public void An_alternative_without_room_has_its_reason_and_only_all_together_are_refused()
    {
        var uneven = Open(devices: 2, chunks: 2) with { Memory = new ActivationMemory { Limit = 5, Activation = new[] { 1m, 2, 1, 4 } } };
        var choice = Create(uneven);
        choice.Alternatives.Where(alternative => alternative.Problem is null).Select(alternative => alternative.Placement)
            .ShouldBe(["interleaved"], ignoreOrder: false, "stages 1 and 3 share a device");
        choice.Alternatives.Single(alternative => alternative.Problem is null).Reason!.ShouldContain("6");
    }

    private static Problem Alternative(Profile open, string placement) =>
        Create(open).Alternatives.First(alternative => alternative.Placement == placement).Problem!;

    private static PlacementChoice Create(Profile open, bool split = true) => PlacementChoice.Create(open, Objective.Makespan, split);

    private static Profile Open(int devices, int chunks) => new()
    {
        Pipeline = new PipelineShape { Devices = devices, Chunks = chunks, Placement = PlacementChoice.Name, Microbatches = 4 },
        Times = new OperationTimes { Forward = 1, BackwardInput = 1, BackwardWeight = 1 },
    };
}
