using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Profiles;

/// <summary>The members of <c>times</c>.</summary>
internal sealed class TimesSection : ProfileSection<OperationTimes>
{
    /// <summary>The largest ratio of two times that a schedule can sensibly weigh against each other.</summary>
    private const decimal LargestRatio = 1e9m;

    private static readonly CommunicationMember Communication = new("communication") { NameInId = "communication" };

    public override string Name => "times";

    public override IReadOnlyList<SectionMember<OperationTimes>> Table { get; } =
    [
        new WordMember<OperationTimes, TimeUnit>("unit", unit => unit.ToString(), times => times.Unit, (times, unit) => times with { Unit = unit }),
        OfStage("forward", times => times.Forward, (times, forward) => times with { Forward = forward }),
        OfStage("backwardInput", times => times.BackwardInput, (times, input) => times with { BackwardInput = input }),
        OfStage("backwardWeight", times => times.BackwardWeight, (times, weight) => times with { BackwardWeight = weight }),
        Communication,
    ];

    protected override OperationTimes Blank { get; } = new() { Forward = 0, BackwardInput = 0, BackwardWeight = 0 };

    protected override bool IsMadeInPart => true;

    public override OperationTimes FoundIn(Profile profile) => profile.Times;

    protected override Profile PutIn(Profile profile, OperationTimes section) => profile with { Times = section };

    protected override void CheckRules(SectionCheck check, OperationTimes section)
    {
        if (!check.IsClean) return;
        var operations = Table.OfType<StageMember<OperationTimes>>().SelectMany(member => member.Named(section)).Where(time => time.Value > 0).ToList();
        if (operations.Count == 0)
        {
            check.Malformed("All operations take no time: at least one of forward, backwardInput and backwardWeight must be above 0.");
            return;
        }

        var times = operations.Concat(Communication.Named(section).Where(time => time.Value > 0)).ToList();
        var (smallest, largest) = (times.MinBy(time => time.Value), times.MaxBy(time => time.Value));
        if (largest.Value / smallest.Value < LargestRatio) return;
        var (least, most) = (SectionCheck.Text(smallest.Value), SectionCheck.Text(largest.Value));
        check.Malformed(
            smallest.Member, $"{least} is 10^9 times or more below the largest time ({most} in {Name}.{largest.Member}): use 0, or check the units.");
    }

    private static StageMember<OperationTimes> OfStage(
        string name, Func<OperationTimes, StageValues> get, Func<OperationTimes, StageValues, OperationTimes> set) =>
        new(name, Quantity.Time, get, set) { IsRequired = true, Added = Added.ByMicrobatch, NameInId = name };
}
