using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Profiles;

/// <summary>The members of <c>times</c>.</summary>
internal sealed class TimesSection : ProfileSection<OperationTimes>
{
    public override string Name => "times";

    public override IReadOnlyList<SectionMember<OperationTimes>> Table { get; } =
    [
        new WordMember<OperationTimes, TimeUnit>("unit", unit => unit.ToString(), times => times.Unit, (times, unit) => times with { Unit = unit })
        {
            Explain = UnitWords.ExplainTime,
        },
        OfStage("forward", times => times.Forward, (times, forward) => times with { Forward = forward }),
        OfStage("backwardInput", times => times.BackwardInput, (times, input) => times with { BackwardInput = input }),
        OfStage("backwardWeight", times => times.BackwardWeight, (times, weight) => times with { BackwardWeight = weight }),
        new StageMember<OperationTimes>("backward", Quantity.Time, times => times.Backward, (times, whole) => times with { Backward = whole })
        {
            Added = Added.ByMicrobatch,
        },
        new CommunicationMember("communication") { NameInId = "communication" },
    ];

    protected override OperationTimes Blank { get; } = new() { Forward = 0, BackwardInput = 0, BackwardWeight = 0 };

    protected override bool IsMadeInPart => true;

    public override OperationTimes FoundIn(Profile profile) => profile.Times;

    /// <summary>Reads what times say beside stages, which may be nothing.</summary>
    public OperationTimes? Stated(JsonValue? given) => given is { } value ? value.Members(ReadWithoutStages) : Blank;

    protected override Profile PutIn(Profile profile, OperationTimes section) => profile with { Times = section };

    protected override void CheckRules(SectionCheck check, OperationTimes section)
    {
        if (!check.IsClean || check.StagesAreStated) return;
        foreach (var (stage, whole) in Enumerable.Range(0, section.Backward is null ? 0 : check.Stages).Select(stage => (stage, section.Backward![stage])))
        {
            if (whole == 0 == (section.BackwardInput[stage] + section.BackwardWeight[stage] == 0)) continue;
            check.Malformed(
                SectionCheck.Indexed("backward", section.Backward!, stage),
                $"Is {SectionCheck.Text(whole)}, and both gradients take {SectionCheck.Text(section.BackwardInput[stage] + section.BackwardWeight[stage])}: "
                + "either all of them are 0 on a stage, or a gradient and the backward are not.");
            if (section.Backward!.IsScalar) return;
        }

        if (Table.OfType<StageMember<OperationTimes>>().SelectMany(member => member.Named(section)).All(time => time.Value == 0))
            check.Malformed("All operations take no time: at least one of forward, backwardInput and backwardWeight must be above 0.");
    }

    private static StageMember<OperationTimes> OfStage(
        string name, Func<OperationTimes, StageValues> get, Func<OperationTimes, StageValues, OperationTimes> set) =>
        new(name, Quantity.Time, get, set) { IsRequired = true, Added = Added.ByMicrobatch, NameInId = name };
}
