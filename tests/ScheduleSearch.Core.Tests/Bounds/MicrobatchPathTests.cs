using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Bounds;

/// <summary>One microbatch on three stages whose times and latencies all differ, so that each shows in the sums by itself.</summary>
public class MicrobatchPathTests
{
    private static readonly Profile Profile = new()
    {
        Pipeline = new() { Devices = 3, Microbatches = 2 },
        Times = new()
        {
            Forward = new[] { 1m, 2m, 3m },
            BackwardInput = new[] { 10m, 20m, 30m },
            BackwardWeight = new[] { 100m, 5m, 50m },
            Communication = LinkValues.Each([[0, 4, 1000], [7, 0, 5], [1000, 8, 0]]),
        },
        Memory = new() { Activation = 6, Retained = new[] { 1m, 2m, 3m } },
    };

    [Fact]
    public void The_way_up_takes_the_forwards_before_and_the_messages_between()
    {
        var path = new MicrobatchPath(Problem.Create(Profile));

        Each(path.Head).ShouldBe([0, 1 + 4, 1 + 4 + 2 + 5]);
        Each(path.HeadOfSlice).ShouldBe(Each(path.Head));
    }

    [Fact]
    public void No_way_is_shorter_for_a_pair_which_hands_on_nothing_before_its_end()
    {
        var (alone, pairs) = (Path(Profile), Path(Profile with { Overlap = new() { Duration = new[] { 110m, 26m, 81m } } }));

        Each(pairs.Head).ShouldBe(Each(alone.Head));
        Each(pairs.HeadOfSlice).ShouldBe(Each(alone.Head));
        Each(stage => pairs.Turn(stage, stage)).ShouldBe(Each(stage => alone.Turn(stage, stage)));
        Each(pairs.WorkOf).ShouldBe([110, 26, 81]);

        static MicrobatchPath Path(Profile profile) => new(Problem.Create(profile, splitBackward: false));
    }

    [Fact]
    public void What_the_last_stage_recomputes_is_on_the_way_and_what_others_do_is_not()
    {
        var (kept, first, last) = (Turn([]), Turn([0]), Turn([2]));

        first.ShouldBe(kept);
        last.ShouldBe(kept + 9);

        static long Turn(int[] stages) =>
            new MicrobatchPath(Problem.Create(Profile with { Recompute = new() { Kept = 1, Time = 9, Stages = [.. stages] } })).Turn(0, 0);
    }

    [Fact]
    public void The_way_up_and_back_takes_the_last_forward_and_the_gradients_and_messages_down()
    {
        var path = new MicrobatchPath(Problem.Create(Profile));

        Each(backward => path.Turn(0, backward)).ShouldBe([12 + 3 + 30 + 8 + 20 + 7, 12 + 3 + 30 + 8, 12 + 3]);
        Each(forward => path.Turn(forward, 2)).ShouldBe([15, 2 + 5 + 3, 3]);
        path.Turn(1, 1).ShouldBe(2 + 5 + 3 + 30 + 8);
    }

    [Fact]
    public void The_tail_ends_with_the_later_of_the_last_input_gradient_and_the_weight_gradients_on_the_way()
    {
        var path = new MicrobatchPath(Problem.Create(Profile));
        // The weight gradient of the first stage takes longest.
        Each(path.Tail).ShouldBe([0, 7 + 10 + 100, 8 + 20 + 7 + 10 + 100]);

        var middle = Profile with { Times = Profile.Times with { BackwardWeight = new[] { 0m, 500m, 50m } } };
        path = new MicrobatchPath(Problem.Create(middle));
        Each(path.Tail).ShouldBe([0, 7 + 10, 8 + 20 + 500]);
    }

    [Fact]
    public void A_fused_backward_is_an_input_gradient_of_both_lengths_with_nothing_left_over()
    {
        var path = new MicrobatchPath(Problem.Create(Profile, splitBackward: false));

        path.BackwardInput.ShouldBe([110, 25, 80]);
        path.BackwardWeight.ShouldBe([0, 0, 0]);
        path.Retained.ShouldBe([0, 0, 0]);
        Each(path.WorkOf).ShouldBe([111, 27, 83]);
        path.Turn(0, 0).ShouldBe(12 + 3 + 80 + 8 + 25 + 7);
        Each(path.Tail).ShouldBe([0, 7 + 110, 8 + 25 + 7 + 110]);
        Each(path.TailOfSlice).ShouldBe(Each(path.Tail));
    }

    [Fact]
    public void A_split_backward_keeps_its_parts()
    {
        var path = new MicrobatchPath(Problem.Create(Profile));

        path.BackwardInput.ShouldBe([10, 20, 30]);
        path.BackwardWeight.ShouldBe([100, 5, 50]);
        path.Retained.ShouldBe([1, 2, 3]);
        Each(path.WorkOf).ShouldBe([111, 27, 83]);
    }

    [Fact]
    public void The_first_slice_goes_up_and_down_in_its_own_time()
    {
        var sliced = Profile with { Slices = new() { Count = 2, Forward = [1, 3], Backward = [2, 3] } };
        var problem = Problem.Create(sliced, splitBackward: false);
        var path = new MicrobatchPath(problem);
        decimal[] InUnits(Func<int, long> ticks) => [.. Each(ticks).Select(problem.TimeScale.FromTicks)];

        InUnits(path.HeadOfSlice).ShouldBe([0, 0.25m + 4, 0.25m + 4 + 0.5m + 5]);
        InUnits(path.TailOfSlice).ShouldBe([0, 7 + 44, 8 + 10 + 7 + 44]);
    }

    [Fact]
    public void A_forward_costs_its_device_less_by_what_a_pair_saves_at_most()
    {
        // On every device a forward and a backward of 4 take 5 together.
        var pairs = Shape.Profile(2, 4, placement: "bidirectional", forward: 2, backwardInput: 2, backwardWeight: 2) with { Overlap = new() { Duration = 5 } };
        new MicrobatchPath(Problem.Create(pairs)).LeastForward.ShouldBe([1, 1]);

        // A forward of 1 beside one of 4 saves all of itself and no more.
        var uneven = pairs with { Times = pairs.Times with { Forward = new[] { 1m, 4m } }, Overlap = new() { Duration = new[] { 4m, 5m } } };
        new MicrobatchPath(Problem.Create(uneven)).LeastForward.ShouldBe([0, 1]);
    }

    [Fact]
    public void Each_pipe_goes_by_its_own_devices()
    {
        var problem = Problem.Create(Profile with { Pipeline = Profile.Pipeline with { Placement = "bidirectional" } });
        var (there, back) = (new MicrobatchPath(problem), new MicrobatchPath(problem, pipe: 1));

        Each(there.Head).ShouldBe([0, 1 + 4, 1 + 4 + 2 + 5]);
        Each(back.Head).ShouldBe([0, 1 + 8, 1 + 8 + 2 + 7]);
        Each(device => there.StagesOn(device).Single()).ShouldBe([0, 1, 2]);
        Each(device => back.StagesOn(device).Single()).ShouldBe([2, 1, 0]);
    }

    private static long[] Each(Func<int, long> ofStage) => [.. Enumerable.Range(0, 3).Select(ofStage)];
}
