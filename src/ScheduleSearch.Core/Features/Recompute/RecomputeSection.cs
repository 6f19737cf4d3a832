using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Recompute;

/// <summary>The members of <c>recompute</c>.</summary>
internal sealed class RecomputeSection : ProfileSection<ActivationRecompute>
{
    public override string Name => "recompute";

    public override SectionOrder Order => new(InJson: 2, InId: 1);

    public override IReadOnlyList<SectionMember<ActivationRecompute>> Table { get; } =
    [
        new StageMember<ActivationRecompute>("time", Quantity.Time, recompute => recompute.Time, (recompute, time) => recompute with { Time = time })
        {
            Added = Added.ByMicrobatch,
            Otherwise = TimeOf,
            CountsOn = Covers,
            Fault = recompute => recompute is { Time: not null, Levels: not null } ? "Does not go with levels: give each of them its own time." : null,
        },
        new StageMember<ActivationRecompute>("kept", Quantity.Memory, recompute => recompute.Kept, (recompute, kept) => recompute with { Kept = kept })
        {
            IsPartOfActivation = true,
            CountsOn = Covers,
            Fault = recompute => recompute switch
            {
                { Kept: null, Levels: null } => "Is missing.",
                { Kept: not null, Levels: not null } => "Does not go with levels: give each of them its own kept.",
                _ => null,
            },
        },
        new RecomputeLevelsMember(),
        new ChosenStagesMember<ActivationRecompute>(
            "choose", recompute => recompute.Stages, (recompute, stages) => recompute with { Stages = stages, IsLeftOpen = false })
        {
            NameInId = "recompute.stages",
            LeftOpen = (recompute => recompute.IsLeftOpen, recompute => recompute with { Stages = null, IsLeftOpen = true }),
            OtherForm = new(
                "stages",
                "The stages that recompute: \"all\", \"none\" or a list of them; or \"search\", with which alternatives are tried and the bound holds over "
                + "every choice of stages. Default all.",
                [0, 1]),
        },
    ];

    public override IReadOnlyList<string> GoesNotWith => ["slices"];

    protected override ActivationRecompute Blank { get; } = new();

    /// <summary>A merged stage recomputes what some of its parts do, and keeps the whole activation of the others. Levels of the parts are one of it.</summary>
    protected override ActivationRecompute Merge(ActivationRecompute section, Profile finest, MergedStages merging)
    {
        var (time, activation) = (TimeOf(finest, section), finest.Memory?.Activation ?? 0);
        var merged = base.Merge(section, finest, merging);
        if (section.Levels is { } levels)
        {
            return merged with
            {
                Levels = [.. levels.Select(level => new RecomputeLevel
                {
                    Time = merging.Sum(RecomputeLevelsMember.TimeOf(finest, level)), Kept = merging.Sum(level.Kept),
                })],
            };
        }

        // Where layers say it of stages, these are chosen alone.
        if (section.Kept is null) return merged;
        return merged with
        {
            Time = merging.Sum(stage => section.Covers(stage) ? time[stage] : 0),
            Kept = merging.Sum(stage => section.Covers(stage) ? section.Kept![stage] : activation[stage]),
        };
    }

    private static bool Covers(ActivationRecompute recompute, int stage) => recompute.Covers(stage);

    private static StageValues TimeOf(Profile profile, ActivationRecompute recompute) => recompute.Time ?? profile.Times.Forward;
}
