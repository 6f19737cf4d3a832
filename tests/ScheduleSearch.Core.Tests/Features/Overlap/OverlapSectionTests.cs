using ScheduleSearch.Core.Features.Overlap;
using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Overlap;

/// <summary>How long a pair may take, and what it saves of a forward.</summary>
public class OverlapSectionTests
{
    private static readonly Profile Plain = Shape.Profile(devices: 2, microbatches: 4, activation: 4);

    /// <summary>Two stages on one device: forwards of 4 and 1, backwards of 2 and 6.</summary>
    private static readonly Profile Interleaved = Shape.Profile(devices: 1, microbatches: 4, chunks: 2, "interleaved") with
    {
        Times = Plain.Times with { Forward = new decimal[] { 4, 1 }, BackwardInput = new decimal[] { 1, 5 } },
    };

    private static readonly PairValues Matrix = PairValues.Each([[4, 9], [3, 6.5m]]);

    [Fact]
    public void A_pair_takes_from_the_longer_of_the_two_to_their_sum()
    {
        foreach (var duration in new[] { 2m, 3m }) Problem.Create(Plain with { Overlap = new() { Duration = duration } }).HasPairTimes.ShouldBeTrue();
        SectionErrors.Of(Plain with { Overlap = new() { Duration = new decimal[] { 2, 3.5m } } }).ShouldBe(
            [("$.profile.overlap.duration[1]", "3.5 is not between the longer of the two operations and their sum, 2 to 3 for stage 1.")]);
    }

    [Fact]
    public void A_pair_is_held_against_the_longest_backward_of_the_device()
    {
        var uneven = Shape.Profile(devices: 1, microbatches: 4, chunks: 2, "interleaved");
        uneven = uneven with { Times = uneven.Times with { BackwardInput = new decimal[] { 1, 5 } }, Overlap = new() { Duration = 6.5m } };
        Problem.Create(uneven).HasPairTimes.ShouldBeTrue();
        SectionErrors.Of(uneven with { Overlap = new() { Duration = 5.5m } }).ShouldBe(
            [("$.profile.overlap.duration", "5.5 is not between the longer of the two operations and their sum, 6 to 7 for stage 0.")]);
    }

    [Fact]
    public void What_a_whole_output_layer_puts_on_a_stage_overlaps_with_nothing()
    {
        var problem = Problem.Create(Shape.Profile(devices: 1, microbatches: 4) with
        {
            Overlap = new() { Duration = 2 },
            Vocabulary = new() { Size = 9, Parallel = VocabularyParallel.None, Forward = 10, Backward = 4 },
        });
        // A forward of 1 and a backward of 2 take 2 together; 10 and 4 come to that.
        problem.TimeScale.FromTicks(problem.PairTime(0, 0)).ShouldBe(16);
        problem.TimeScale.FromTicks(problem.LeastForward(pipe: 0, stage: 0)).ShouldBe(10);
    }

    [Fact]
    public void Backwards_that_there_are_not_decide_nothing()
    {
        var frozen = Shape.Profile(devices: 2, microbatches: 4, chunks: 2, "v") with { Frozen = new() { Stages = [0, 1] } };
        frozen = frozen with { Times = frozen.Times with { BackwardInput = new decimal[] { 20, 20, 1, 1 } }, Overlap = new() { Duration = 2.5m } };
        Problem.Create(frozen).HasPairTimes.ShouldBeTrue();
        SectionErrors.Of(frozen with { Overlap = new() { Duration = 3.5m } }).ShouldHaveSingleItem().Item2.ShouldContain("2 to 3 for stage 0");
    }

    [Fact]
    public void A_forward_takes_no_less_than_a_pair_saves_with_the_backward_that_it_saves_most_with()
    {
        LeastForwards(Interleaved).ShouldBe([4, 1]);
        // 4 + 6 - 6.5 is saved of the first stage's forward, 1 + 6 - 6.5 of the second's; with the first's backward a pair saves nothing.
        LeastForwards(Interleaved with { Overlap = new() { Duration = 6.5m } }).ShouldBe([0.5m, 0.5m]);
    }

    [Fact]
    public void A_matrix_has_a_time_for_each_pair_of_stages_on_one_device()
    {
        var problem = Problem.Create(Interleaved with { Overlap = new() { Duration = Matrix } });
        TimesOf(problem).ShouldBe([4, 9, 3, 6.5m]);
        LeastForwards(problem.Profile).ShouldBe([2, 0.5m]);
        // Stages of two devices make no pair: what stands there counts for nothing.
        var apart = Plain with { Overlap = new() { Duration = PairValues.Each([[2.5m, 0], [999, 3]]) } };
        Problem.Create(apart).Id.ShouldBe(Problem.Create(Plain with { Overlap = new() { Duration = new[] { 2.5m, 3 } } }).Id);
    }

    [Fact]
    public void A_gain_is_a_share_of_the_shorter_of_the_two()
    {
        TimesOf(Problem.Create(Interleaved with { Overlap = new() { Gain = 0.5m } })).ShouldBe([5, 8, 2.5m, 6.5m]);
        TimesOf(Problem.Create(Interleaved with { Overlap = new() { Gain = new[] { 0m, 1 } } })).ShouldBe([6, 10, 2, 6]);
        TimesOf(Problem.Create(Interleaved with { Overlap = new() { Gain = PairValues.Each([[1, 0.25m], [0, 0.5m]]) } })).ShouldBe([4, 9, 3, 6.5m]);
    }

    [Fact]
    public void A_gain_of_many_digits_is_as_exact_as_the_scale_is_fine()
    {
        var problem = Problem.Create(Plain with { Overlap = new() { Gain = 0.123456789m }, Times = Plain.Times with { Forward = 1.01m } });
        problem.TimeScale.FromTicks(problem.PairTime(0, 0)).ShouldBe(1.01m + 2 - 0.123456789m * 1.01m);
    }

    /// <summary>A problem is what its numbers come to: whichever of the two members states them, and in whatever form.</summary>
    [Fact]
    public void The_same_times_have_the_same_id_however_they_are_stated()
    {
        // On a linear pipeline each stage has a device of its own.
        OverlapTimes[] same =
        [
            new() { Duration = 2.25m }, new() { Duration = new[] { 2.25m, 2.250m } }, new() { Duration = PairValues.Each([[2.25m, 7], [0, 2.25m]]) },
            new() { Gain = 0.75m }, new() { Gain = new[] { 0.75m, 0.75m } }, new() { Gain = PairValues.Each([[0.75m, 0], [1, 0.75m]]) },
        ];
        same.Select(overlap => Problem.Create(Plain with { Overlap = overlap }).Id).Distinct().ShouldHaveSingleItem();

        // On one device with two stages, those of a list are the least of it and one after the other.
        OverlapTimes[] uneven = [new() { Duration = new[] { 8m, 6.5m } }, new() { Duration = PairValues.Each([[6, 8], [3, 6.5m]]) }];
        uneven.Select(overlap => Problem.Create(Interleaved with { Overlap = overlap }).Id).Distinct().ShouldHaveSingleItem();
        var matrix = new OverlapTimes[] { new() { Duration = Matrix }, new() { Gain = PairValues.Each([[1, 0.25m], [0, 0.5m]]) } };
        matrix.Select(overlap => Problem.Create(Interleaved with { Overlap = overlap }).Id).Distinct().ShouldHaveSingleItem()
            .ShouldNotBe(Problem.Create(Interleaved with { Overlap = uneven[0] }).Id);
    }

    [Fact]
    public void What_is_no_time_and_no_share_of_a_pair_is_named()
    {
        SectionErrors.Of(Interleaved with { Overlap = new() { Duration = PairValues.Each([[4, 11], [3, 6.5m]]) } }).ShouldBe(
            [("$.profile.overlap.duration[0][1]",
                "11 is not between the longer of the two operations and their sum, 6 to 10 for a forward of stage 0 and a backward of stage 1.")]);
        SectionErrors.Of(Interleaved with { Overlap = new() { Gain = new[] { 0.5m, 1.5m } } }).ShouldBe(
            [("$.profile.overlap.gain[1]", "Is 1.5; must be from 0 to 1, a share of the shorter of the two.")]);
        SectionErrors.Of(Interleaved with { Overlap = new() { Gain = PairValues.Each([[0, 0], [-0.5m, 0]]) } }).ShouldBe(
            [("$.profile.overlap.gain[1][0]", "Is -0.5; must be from 0 to 1, a share of the shorter of the two.")]);
        foreach (var wrong in new[] { PairValues.Of(new[] { 1m, 1, 1 }), PairValues.Each([[1, 1]]), PairValues.Each([[1, 1], [1]]) })
        {
            const string Shape = "Give one number, or 2, one for each stage of the forward, or 2 rows of 2 numbers, one for each stage of the backward.";
            SectionErrors.Of(Interleaved with { Overlap = new() { Gain = wrong } }).ShouldBe([("$.profile.overlap.gain", Shape)]);
            SectionErrors.Of(Interleaved with { Overlap = new() { Duration = wrong } }).ShouldBe([("$.profile.overlap.duration", Shape)]);
        }
    }

    [Fact]
    public void Exactly_one_of_duration_and_gain_is_given()
    {
        SectionErrors.Of(Plain with { Overlap = new() }).ShouldBe(
            [("$.profile.overlap.duration", "Is missing: give the time of a pair, or in gain the share of the shorter of the two that it saves.")]);
        SectionErrors.Of(Plain with { Overlap = new() { Duration = 3, Gain = 0 } }).ShouldBe(
            [("$.profile.overlap.gain", "Says what duration says: give one of them.")]);
    }

    /// <summary>One share says as much of merged stages; times of pairs say nothing of them.</summary>
    [Fact]
    public void Stages_are_merged_with_one_gain()
    {
        string? WhyNot(OverlapTimes overlap) => new OverlapFeature().Section.WhyNotMerged(Interleaved with { Overlap = overlap });
        WhyNot(new() { Gain = 0.5m }).ShouldBeNull();
        foreach (var pairs in new OverlapTimes[] { new() { Gain = new[] { 0.5m, 0.25m } }, new() { Duration = 8 } })
            WhyNot(pairs).ShouldBe("Is of pairs of stages at 2 chunks a device, which says nothing of fewer chunks: give one number in gain.");
    }

    /// <summary>The head and the embedding of a vocabulary that is not sharded come after the times of the stages, and overlap with nothing.</summary>
    [Fact]
    public void What_other_features_put_on_a_stage_is_added_to_its_pairs()
    {
        var layer = new VocabularyLayer { Size = 10, Parallel = VocabularyParallel.None, Forward = 2, Backward = 3, Input = 1 };
        var problem = Problem.Create(Plain with { Overlap = new() { Duration = 2.25m }, Vocabulary = layer });
        Enumerable.Range(0, 2).Select(stage => problem.TimeScale.FromTicks(problem.PairTime(stage, stage))).ShouldBe([2.25m + 2, 2.25m + 4 + 6]);
    }

    [Fact]
    public void A_stage_without_a_backward_takes_any_duration()
    {
        var frozen = Interleaved with
        {
            Times = Interleaved.Times with { BackwardInput = new decimal[] { 0, 5 }, BackwardWeight = new decimal[] { 0, 1 } },
            Overlap = new() { Duration = PairValues.Each([[0, 8], [0, 6.5m]]) },
        };
        TimesOf(Problem.Create(frozen)).ShouldBe([4, 8, 1, 6.5m]);
        var first = Plain with { Times = Plain.Times with { BackwardInput = new decimal[] { 0, 1 }, BackwardWeight = new decimal[] { 0, 1 } } };
        Problem.Create(first with { Overlap = new() { Duration = 2.5m } }).PairTime(1, 1).ShouldBe(25);
    }

    private static IEnumerable<decimal> LeastForwards(Profile profile)
    {
        var problem = Problem.Create(profile);
        return Enumerable.Range(0, 2).Select(stage => problem.TimeScale.FromTicks(problem.LeastForward(pipe: 0, stage)));
    }

    private static IEnumerable<decimal> TimesOf(Problem problem) =>
        from forward in new[] { 0, 1 }
        from backward in new[] { 0, 1 }
        select problem.TimeScale.FromTicks(problem.PairTime(forward, backward));
}
