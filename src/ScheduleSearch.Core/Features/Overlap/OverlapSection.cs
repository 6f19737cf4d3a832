using System.Globalization;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Overlap;

/// <summary>The members of <c>overlap</c>.</summary>
internal sealed class OverlapSection : ProfileSection<OverlapTimes>
{
    private static readonly PairMember Duration =
        new("duration", Quantity.Time, overlap => overlap.Duration, (overlap, duration) => overlap with { Duration = duration }) { NameInId = "overlap" };

    private static readonly PairMember Gain =
        new("gain", Quantity.None, overlap => overlap.Gain, (overlap, gain) => overlap with { Gain = gain }) { NameInId = "overlap" };

    public override string Name => "overlap";

    public override SectionOrder Order => new(InJson: 0, InId: 0);

    public override IReadOnlyList<SectionMember<OverlapTimes>> Table { get; } = [Duration, Gain];

    public override IReadOnlyList<string> GoesNotWith => ["slices"];

    /// <summary>One gain holds for merged stages as well, and the times that it comes to say nothing of them.</summary>
    public override void IdentifyMerging(IdentityText text, Profile finest)
    {
        if (FoundIn(finest) is { Gain: { IsScalar: true } gain }) text.Line("overlap.gain", [gain[0, 0]]);
    }

    protected override OverlapTimes Blank { get; } = new();

    /// <summary>What is stated elsewhere of stages says nothing of pairs before these are made.</summary>
    protected override void Identify(IdentityText text, Problem problem, OverlapTimes section)
    {
        if (problem.Catalogue.StatesStages(problem.Profile)) IdentifyMerging(text, problem.Profile);
        else base.Identify(text, problem, section);
    }

    protected override void CheckRules(SectionCheck check, OverlapTimes section)
    {
        if (section.Duration is null && section.Gain is null)
            check.Malformed(Duration.Name, "Is missing: give the time of a pair, or in gain the share of the shorter of the two that it saves.");
        if (section.Duration is not null && section.Gain is not null)
            check.Malformed(Gain.Name, "Says what duration says: give one of them.");
    }

    /// <summary>
    /// A pair can be no shorter than the longer of the two, and need not be longer than one after the other: where the backward's stage is left open, with
    /// the longest backward on the device.
    /// </summary>
    protected override void CheckAgainstProfile(SectionCheck check, OverlapTimes section)
    {
        if (section.Duration is not { } duration) return;
        var times = new PairTimes(check.Profile, section);
        for (var forward = 0; forward < check.Stages; forward++)
        {
            var partners = times.PartnersOf(forward).Where(backward => times.MaySave(forward, backward));
            if (duration.ByForward is null)
            {
                foreach (var backward in partners)
                    CheckPair(check, times, duration, forward, backward, $"a forward of stage {forward} and a backward of stage {backward}");
            }
            else if (partners.Any())
            {
                CheckPair(check, times, duration, forward, partners.MaxBy(times.BackwardOf), $"stage {forward}");
                if (duration.IsScalar && !check.IsClean) return;
            }
        }
    }

    protected override string? WhyNotMerged(Profile profile, OverlapTimes section) => section.Gain is { IsScalar: true }
        ? null
        : $"Is of pairs of stages at {profile.Pipeline.Chunks.ToString(CultureInfo.InvariantCulture)} chunks a device, which says nothing of fewer chunks: "
            + "give one number in gain.";

    private static void CheckPair(SectionCheck check, PairTimes times, PairValues duration, int forward, int backward, string whose)
    {
        var (first, second, stated) = (check.Profile.Times.Forward[forward], times.BackwardOf(backward), duration[forward, backward]);
        if (stated >= Math.Max(first, second) && stated <= first + second) return;
        check.Malformed(
            Duration.NameOf(duration, forward, backward),
            $"{SectionCheck.Text(stated)} is not between the longer of the two operations and their sum, "
            + $"{SectionCheck.Text(Math.Max(first, second))} to {SectionCheck.Text(first + second)} for {whose}.");
    }
}
