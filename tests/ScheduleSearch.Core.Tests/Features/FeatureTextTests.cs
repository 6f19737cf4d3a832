using System.Text;
using System.Text.Json;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Features.TwoPipes;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features;

/// <summary>What features say to people, and what is stored of them.</summary>
public class FeatureTextTests
{
    private static readonly Profile Plain = Shape.Profile(devices: 2, microbatches: 4, activation: 4);

    /// <summary>Ids of problems as they stand in databases: whatever changes one loses what was found for it.</summary>
    [Fact]
    public void Ids_are_what_they_were()
    {
        IdOf(Plain with { Overlap = new() { Duration = 2.5m } }).ShouldBe("3aeb2d5d88d17f6a3e1c09ef336db84e0cf27ea6f5fa913a98869c9b6803ac3c");
        IdOf(Plain with { Recompute = new() { Kept = 1, Time = 2, Stages = [1] } }).ShouldBe("40f8091048b88107adefeccd45aac3f499a9d6fbbdc2653388e575ec9367582a");
        IdOf(Plain with { Slices = new() { Count = 2, Forward = [1, 3], Backward = [1, 2], Activation = [3, 1], KeyValue = 1 } }).ShouldBe("0271a7b20bf636ce1df34daf3150a0383d6000fb8a0789f4ee7219ded75cd25e");
        IdOf(Plain with { Slices = new() { Count = 3, Sequence = 96, Hidden = 4, Cut = SequenceCut.EqualFlops, Multiple = 8 } }).ShouldBe("4bc6638765a7c22755a4d8f81c6edd1a8b2af61d20df61a4ef11aaee35b8e877");
        IdOf(Plain with { Overlap = new() { Duration = 2.5m }, Recompute = new() { Kept = 1 } }).ShouldBe("715300ef45e3cade90702536647e37709f3aa7ce834f1ea5a6ce52f714ef4bb3");
    }

    [Fact]
    public void What_a_format_cannot_carry_is_said_with_what_to_change()
    {
        Refusals("The format x").ShouldBe(
        [
            ("slices", "$.profile.slices", "The format x names a microbatch and no slice of its sequence.", "Leave profile.slices out, or use the format native."),
            ("recompute", "$.profile.recompute", "The format x cannot be told when to recompute an activation.", "Leave profile.recompute out, or use the format native."),
            ("two-pipes", "$.profile.pipeline.placement", "The format x names a stage and no pipe, so a schedule of two pipes cannot be told to it.",
                "Use a placement of one pipe, or the format native."),
        ], ignoreOrder: true);
    }

    [Fact]
    public void A_family_that_orders_whole_microbatches_says_so() =>
        FeatureCatalogue.Default.All.OfType<SlicesFeature>().Single().WhyNotOrdered
            .ShouldBe("Runs whole microbatches: leave profile.slices out, or use the family seq1f1b on the placement linear.");

    [Theory]
    [InlineData("hidden", "Goes with slices.sequence: give both, or none.", 2, 96, null, SequenceCut.Even, 1)]
    [InlineData("hidden", "Goes with slices.sequence: give both, or none.", 2, null, 4, SequenceCut.Even, 1)]
    [InlineData("hidden", "Is 0; must be at least 1.", 2, 96, 0, SequenceCut.Even, 1)]
    [InlineData("cut", "Slices of equal work need slices.sequence and slices.hidden.", 2, null, null, SequenceCut.EqualFlops, 1)]
    [InlineData("sequence", "Is 15; 2 slices need at least 16 tokens.", 2, 15, 4, SequenceCut.Even, 8)]
    [InlineData("multiple", "Is 0; must be at least 1.", 2, 96, 4, SequenceCut.Even, 0)]
    [InlineData("count", "Is 0; must be at least 1.", 0, null, null, SequenceCut.Even, 1)]
    public void Slices_that_cannot_be_cut_are_told_why(string member, string message, int count, int? sequence, int? hidden, SequenceCut cut, int multiple) =>
        ErrorsOf(Plain with { Slices = new() { Count = count, Sequence = sequence, Hidden = hidden, Cut = cut, Multiple = multiple } })
            .ShouldBe([($"$.profile.slices.{member}", message)]);

    [Fact]
    public void Slices_of_just_as_many_tokens_as_are_needed_are_taken()
    {
        var slices = new SequenceSlices { Count = 3, Sequence = 24, Hidden = 4, Cut = SequenceCut.EqualFlops, Multiple = 8 };
        Problem.Create(Plain with { Slices = slices }).SliceCount.ShouldBe(3);
        SequenceShares.Of(slices).Lengths.ShouldBe([8, 8, 8]);
    }

    [Theory]
    [InlineData(SequenceCut.Even, "\"cut\":\"even\"")]
    [InlineData(SequenceCut.EqualFlops, "\"cut\":\"equalFlops\"")]
    public void A_cut_is_written_as_it_is_read(SequenceCut cut, string written)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            ProfileJson.Write(writer, Plain with { Slices = new() { Count = 2, Sequence = 64, Hidden = 4, Cut = cut } });
        Encoding.UTF8.GetString(stream.ToArray()).ShouldContain(written);
        List<ProfileError> errors = [];
        ProfileJson.ReadProfile(JsonDocument.Parse(stream.ToArray()).RootElement, "$.profile", errors)!.Slices!.Cut.ShouldBe(cut);
        errors.ShouldBeEmpty();
    }

    [Fact]
    public void Every_slice_has_its_multiple_and_leaves_one_for_those_after_it()
    {
        // By work alone the last slices would begin within the last 8 tokens.
        var lengths = SequenceShares.Of(new() { Count = 6, Sequence = 56, Hidden = 1, Cut = SequenceCut.EqualFlops, Multiple = 8 }).Lengths;
        lengths.ShouldBe([16, 8, 8, 8, 8, 8]);
    }

    [Fact]
    public void A_pair_takes_from_the_longer_of_the_two_to_their_sum()
    {
        foreach (var duration in new[] { 2m, 3m }) Problem.Create(Plain with { Overlap = new() { Duration = duration } }).HasPairTimes.ShouldBeTrue();
        ErrorsOf(Plain with { Overlap = new() { Duration = new decimal[] { 2, 3.5m } } }).ShouldBe(
            [("$.profile.overlap.duration[1]", "3.5 is not between the longer of the two operations and their sum, 2 to 3 for stage 1.")]);
    }

    [Fact]
    public void A_pair_is_held_against_the_longest_backward_of_the_device()
    {
        var uneven = Shape.Profile(devices: 1, microbatches: 4, chunks: 2, "interleaved");
        uneven = uneven with { Times = uneven.Times with { BackwardInput = new decimal[] { 1, 5 } }, Overlap = new() { Duration = 6.5m } };
        Problem.Create(uneven).HasPairTimes.ShouldBeTrue();
        ErrorsOf(uneven with { Overlap = new() { Duration = 5.5m } }).ShouldBe(
            [("$.profile.overlap.duration", "5.5 is not between the longer of the two operations and their sum, 6 to 7 for stage 0.")]);
    }

    [Fact]
    public void A_forward_takes_no_less_than_a_pair_saves_with_the_backward_that_it_saves_most_with()
    {
        var uneven = Shape.Profile(devices: 1, microbatches: 4, chunks: 2, "interleaved");
        uneven = uneven with { Times = uneven.Times with { Forward = new decimal[] { 4, 1 }, BackwardInput = new decimal[] { 1, 5 } } };
        LeastForwards(uneven).ShouldBe([4, 1]);
        // 4 + 6 - 6.5 is saved of the first stage's forward, 1 + 6 - 6.5 of the second's; with the first's backward a pair saves nothing.
        LeastForwards(uneven with { Overlap = new() { Duration = 6.5m } }).ShouldBe([0.5m, 0.5m]);

        static IEnumerable<decimal> LeastForwards(Profile profile)
        {
            var problem = Problem.Create(profile);
            return Enumerable.Range(0, 2).Select(stage => problem.TimeScale.FromTicks(problem.LeastForward(pipe: 0, stage)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Slices_go_with_neither_pairs_nor_recomputing(bool recomputes)
    {
        var sliced = Plain with { Slices = new() { Count = 2 } };
        ErrorsOf(recomputes ? sliced with { Recompute = new() { Kept = 1 } } : sliced with { Overlap = new() { Duration = 2.5m } })
            .ShouldBe([($"$.profile.{(recomputes ? "recompute" : "overlap")}", "Does not go with slices: give one of them.")]);
    }

    [Fact]
    public void Ticks_of_slices_are_finer_where_there_are_several()
    {
        int DigitsAt(int count) => Problem.Create(Plain with { Slices = new() { Count = count } }).TimeScale.Digits;
        (DigitsAt(1), DigitsAt(2)).ShouldBe((0, 6));
    }

    [Theory]
    [InlineData("$.profile.slices.forward[0]", true, false)]
    [InlineData("$.profile.slices.backward[0]", false, true)]
    [InlineData("$.profile.slices.forward[0]", true, true)]
    public void A_share_too_small_for_the_scale_is_named(string path, bool forward, bool backward)
    {
        var sliced = new SequenceSlices { Count = 2, Forward = forward ? [1e-12m, 1] : null, Backward = backward ? [1e-12m, 1] : null };
        ErrorsOf(Plain with { Slices = sliced }).Select(error => error.Path).ShouldContain(path);
    }

    private static IEnumerable<(string, string, string, string)> Refusals(string part) =>
        from feature in FeatureCatalogue.Default.All
        where feature is SlicesFeature or RecomputeFeature or TwoPipesFeature
        let refusal = ((ICarriedFeature)feature).WhyNotCarried(part)
        select (feature.Name, refusal.Member, refusal.Reason, refusal.Fix);

    private static string IdOf(Profile profile) => Problem.Create(profile).Id;

    private static IEnumerable<(string Path, string Message)> ErrorsOf(Profile profile) =>
        Should.Throw<InvalidProfileException>(() => Problem.Create(profile)).Errors.Select(error => (error.Path, error.Message));
}
