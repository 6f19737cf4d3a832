using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Backward;

/// <summary>The member of <c>backward</c>.</summary>
internal sealed class BackwardSection : ProfileSection<BackwardWay>
{
    private const string Choose = "choose";

    public override string Name => "backward";

    public override IReadOnlyList<SectionMember<BackwardWay>> Table { get; } =
    [
        new WordMember<BackwardWay, BackwardChoice>(Choose, NameOf, way => way.Choose, (way, choice) => way with { Choose = choice }) { IsRequired = true },
    ];

    public override IReadOnlyList<string> GoesNotWith => BackwardFeature.GoesNotWith;

    protected override BackwardWay Blank { get; } = new() { Choose = BackwardChoice.Search };

    /// <summary>The word of a choice in requests.</summary>
    internal static string NameOf(BackwardChoice choice) => choice switch
    {
        BackwardChoice.Split => "split",
        BackwardChoice.Fused => "fused",
        _ => "search",
    };

    protected override void CheckRules(SectionCheck check, BackwardWay section)
    {
        if (section.Choose == BackwardChoice.Search && check.Profile.Times.Backward is null)
            check.Malformed(Choose, "Is search, and without times.backward a fused backward takes what both halves do, which is never better: give the time.");
    }
}
