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
            Added = Added.ByMicrobatch, Otherwise = TimeOf, CountsOn = Covers,
        },
        new StageMember<ActivationRecompute>("kept", Quantity.Memory, recompute => recompute.Kept, (recompute, kept) => recompute with { Kept = kept })
        {
            IsRequired = true, IsPartOfActivation = true, CountsOn = Covers,
        },
        new ChosenStagesMember<ActivationRecompute>("choose", recompute => recompute.Stages, (recompute, stages) => recompute with { Stages = stages })
        {
            NameInId = "recompute.stages",
            OtherForm = new("stages", "The stages that recompute: \"all\", \"none\" or a list of them. Default all.", [0, 1]),
        },
    ];

    public override IReadOnlyList<string> GoesNotWith => ["slices"];

    protected override ActivationRecompute Blank { get; } = new() { Kept = 0 };

    /// <summary>A merged stage recomputes what some of its parts do, and keeps the whole activation of the others.</summary>
    protected override ActivationRecompute Merge(ActivationRecompute section, Profile finest, MergedStages merging)
    {
        var (time, activation) = (TimeOf(finest, section), finest.Memory?.Activation ?? 0);
        return base.Merge(section, finest, merging) with
        {
            Time = merging.Sum(stage => section.Covers(stage) ? time[stage] : 0),
            Kept = merging.Sum(stage => section.Covers(stage) ? section.Kept[stage] : activation[stage]),
        };
    }

    private static bool Covers(ActivationRecompute recompute, int stage) => recompute.Covers(stage);

    private static StageValues TimeOf(Profile profile, ActivationRecompute recompute) => recompute.Time ?? profile.Times.Forward;
}
