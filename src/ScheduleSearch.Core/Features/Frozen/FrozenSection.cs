using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Frozen;

/// <summary>The members of <c>frozen</c>.</summary>
internal sealed class FrozenSection : ProfileSection<FrozenStages>
{
    private const string Member = "choose";

    public override string Name => "frozen";

    public override IReadOnlyList<SectionMember<FrozenStages>> Table { get; } =
    [
        new ChosenStagesMember<FrozenStages>(Member, frozen => frozen.Stages, (frozen, stages) => frozen with { Stages = stages })
        {
            OtherForm = new(
                "stages",
                "The stages that have no backward, the first of the pipeline: \"all\" for forwards alone, \"none\" or a list of them. Default all.", [0, 1]),
        },
    ];

    protected override FrozenStages Blank { get; } = new();

    /// <summary>The number of frozen stages, whoever says so: nothing where none is, so that ids stay what they are.</summary>
    public override void Identify(IdentityText text, Problem problem)
    {
        if (problem.FrozenStages > 0) text.Line(Name, [IdentityText.Of(problem.FrozenStages)]);
    }

    /// <summary>Stages that are listed are not merged, and those whose gradients take no time are.</summary>
    public override void IdentifyMerging(IdentityText text, Profile finest)
    {
        if (WhyNotMerged(finest) is not null) text.Line(Name, "listed");
    }

    protected override void CheckRules(SectionCheck check, FrozenStages section)
    {
        if (section.Stages is { } stages && !stages.SequenceEqual(Enumerable.Range(0, stages.Length)))
        {
            check.Malformed(
                Member, "Stages are frozen from the first on, since a gradient passes all stages down to the lowest one that is trained: list 0, 1, ...");
        }
    }

    protected override void CheckAgainstProfile(SectionCheck check, FrozenStages section)
    {
        if (check.Profile.Mode == IterationMode.Forward) check.Malformed("Does not go with mode forward, in which no stage has a backward: give one of them.");
    }

    protected override string? WhyNotMerged(Profile profile, FrozenStages section) => section.Stages is { IsEmpty: false }
        ? "Lists single stages, which says nothing of merged ones: give frozen stages gradients of no time, and leave frozen and mode out."
        : null;
}
