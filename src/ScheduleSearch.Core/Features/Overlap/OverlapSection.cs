using System.Globalization;
using ScheduleSearch.Core.Features.Frozen;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Overlap;

/// <summary>The members of <c>overlap</c>.</summary>
internal sealed class OverlapSection : ProfileSection<OverlapTimes>
{
    private const string Duration = "duration";

    public override string Name => "overlap";

    public override SectionOrder Order => new(InJson: 0, InId: 0);

    public override IReadOnlyList<SectionMember<OverlapTimes>> Table { get; } =
    [
        new StageMember<OverlapTimes>(Duration, Quantity.Time, overlap => overlap.Duration, (overlap, duration) => overlap with { Duration = duration })
        {
            IsRequired = true, NameInId = "overlap",
        },
    ];

    public override IReadOnlyList<string> GoesNotWith => ["slices"];

    protected override OverlapTimes Blank { get; } = new() { Duration = 0 };

    /// <summary>
    /// A pair can be no shorter than the longer of the two, and need not be longer than one after the other: with the longest backward on the device. Where
    /// there is none, nothing is paired.
    /// </summary>
    protected override void CheckAgainstProfile(SectionCheck check, OverlapTimes section)
    {
        var (times, placement, duration) = (check.Profile.Times, Problem.PlacementOf(check.Profile), section.Duration);
        var frozen = FrozenStages.CountIn(check.Profile, times);
        for (var stage = 0; stage < placement.Stages; stage++)
        {
            var devices = Enumerable.Range(0, placement.Pipes).Select(pipe => placement.DeviceOf(pipe, stage)).Distinct();
            var backwards = devices.SelectMany(device => placement.StagesOn(device)).Where(other => other.Stage >= frozen)
                .Select(other => times.BackwardInput[other.Stage] + times.BackwardWeight[other.Stage]).ToList();
            if (backwards.Count == 0) continue;
            var longest = backwards.Max();
            var (least, most) = (Math.Max(times.Forward[stage], longest), times.Forward[stage] + longest);
            if (duration[stage] >= least && duration[stage] <= most) continue;
            check.Malformed(
                SectionCheck.Indexed(Duration, duration, stage),
                $"{SectionCheck.Text(duration[stage])} is not between the longer of the two operations and their sum, "
                + $"{SectionCheck.Text(least)} to {SectionCheck.Text(most)} for stage {stage}.");
            if (duration.IsScalar) return;
        }
    }

    protected override string WhyNotMerged(Profile profile, OverlapTimes section) =>
        $"Has times of pairs of stages at {profile.Pipeline.Chunks.ToString(CultureInfo.InvariantCulture)} chunks a device, which say nothing of fewer chunks.";
}
