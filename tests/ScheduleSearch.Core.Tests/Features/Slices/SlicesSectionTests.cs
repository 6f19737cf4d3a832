using System.Text;
using System.Text.Json;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Slices;

/// <summary>How a sequence may be cut, what is said where it cannot be, and what ticks that takes.</summary>
public class SlicesSectionTests
{
    private static readonly Profile Plain = Shape.Profile(devices: 2, microbatches: 4, activation: 4);

    [Theory]
    [InlineData("hidden", "Goes with slices.sequence: give both, or none.", 2, 96, null, SequenceCut.Even, 1)]
    [InlineData("hidden", "Goes with slices.sequence: give both, or none.", 2, null, 4, SequenceCut.Even, 1)]
    [InlineData("hidden", "Is 0; must be at least 1.", 2, 96, 0, SequenceCut.Even, 1)]
    [InlineData("cut", "Slices of equal work need slices.sequence and slices.hidden.", 2, null, null, SequenceCut.EqualFlops, 1)]
    [InlineData("sequence", "Is 15; 2 slices need at least 16 tokens.", 2, 15, 4, SequenceCut.Even, 8)]
    [InlineData("multiple", "Is 0; must be at least 1.", 2, 96, 4, SequenceCut.Even, 0)]
    [InlineData("count", "Is 0; must be at least 1.", 0, null, null, SequenceCut.Even, 1)]
    public void Slices_that_cannot_be_cut_are_told_why(string member, string message, int count, int? sequence, int? hidden, SequenceCut cut, int multiple) =>
        SectionErrors.Of(Plain with { Slices = new() { Count = count, Sequence = sequence, Hidden = hidden, Cut = cut, Multiple = multiple } })
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Slices_go_with_neither_pairs_nor_recomputing(bool recomputes)
    {
        var sliced = Plain with { Slices = new() { Count = 2 } };
        SectionErrors.Of(recomputes ? sliced with { Recompute = new() { Kept = 1 } } : sliced with { Overlap = new() { Duration = 2.5m } })
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
        SectionErrors.Of(Plain with { Slices = sliced }).Select(error => error.Path).ShouldContain(path);
    }
}
