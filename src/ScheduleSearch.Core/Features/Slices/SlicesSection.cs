using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Slices;

/// <summary>The members of <c>slices</c>.</summary>
internal sealed class SlicesSection : ProfileSection<SequenceSlices>
{
    private const string CountMember = "count";

    private static readonly StageMember<SequenceSlices> KeyValue =
        new("keyValue", Quantity.Memory, slices => slices.KeyValue, (slices, keyValue) => slices with { KeyValue = keyValue })
        {
            Added = Added.ByPart,
            Otherwise = (_, _) => 0,
        };

    public override string Name => "slices";

    public override string MemberOfParts => CountMember;

    public override SectionOrder Order => new(InJson: 1, InId: 2);

    public override IReadOnlyList<SectionMember<SequenceSlices>> Table { get; } =
    [
        new WholeMember<SequenceSlices>(CountMember, slices => slices.Count, (slices, count) => slices with { Count = count })
        {
            IsRequired = true, IsCount = true, Turn = CheckTurn.First,
        },
        Shares("forward", slices => slices.Forward, (slices, shares) => slices with { Forward = shares }),
        Shares("backward", slices => slices.Backward, (slices, shares) => slices with { Backward = shares }),
        Shares("activation", slices => slices.Activation, (slices, shares) => slices with { Activation = shares }),
        KeyValue,
        new WholeMember<SequenceSlices>("sequence", slices => slices.Sequence, (slices, sequence) => slices with { Sequence = sequence }),
        new WholeMember<SequenceSlices>("hidden", slices => slices.Hidden, (slices, hidden) => slices with { Hidden = hidden }),
        new WordMember<SequenceSlices, SequenceCut>("cut", NameOf, slices => slices.Cut, (slices, cut) => slices with { Cut = cut }),
        new WholeMember<SequenceSlices>("multiple", slices => slices.Multiple, (slices, multiple) => slices with { Multiple = multiple })
        {
            IsCount = true, Turn = CheckTurn.First,
        },
    ];

    protected override SequenceSlices Blank { get; } = new() { Count = 1 };

    protected override void CheckRules(SectionCheck check, SequenceSlices section)
    {
        if ((section.Sequence is null) != (section.Hidden is null)) check.Malformed("hidden", "Goes with slices.sequence: give both, or none.");
        if (section.Hidden is { } hidden) check.Count("hidden", hidden);
        if (section is { Cut: SequenceCut.EqualFlops, Sequence: null }) check.Malformed("cut", "Slices of equal work need slices.sequence and slices.hidden.");
        var least = (long)section.Count * section.Multiple;
        if (section.Sequence < least) check.Malformed("sequence", $"Is {section.Sequence}; {section.Count} slices need at least {least} tokens.");
    }

    protected override int PartsOfMicrobatch(SequenceSlices section) => section.Count;

    protected override IEnumerable<(string Member, decimal Value)> PartsOfTimes(Profile profile, SequenceSlices section)
    {
        var (times, shares) = (profile.Times, SequenceShares.Of(section));
        // Shares that are not given follow from the count.
        var forward = section.Forward is null ? null : "forward";
        return Parts(forward, shares.Forward, times.Forward)
            .Concat(Parts(section.Backward is null ? forward : "backward", shares.Backward, times.BackwardInput, times.BackwardWeight));

        static IEnumerable<(string Member, decimal Value)> Parts(string? member, ImmutableArray<decimal> shares, params StageValues[] times)
        {
            var (whole, cut) = (shares.Sum(), times.SelectMany(time => time.Numbers).Where(time => time > 0).ToList());
            return cut.Count == 0 ? [] : shares.Select((share, slice) => (member is null ? CountMember : $"{member}[{slice}]", share / whole * cut.Min()));
        }
    }

    protected override int SpareDigitsOf(SequenceSlices section) => section.Count > 1 ? DecimalScale.SpareDigits : 0;

    /// <summary>What the slices come to: different members that give the same shares are the same problem.</summary>
    protected override void Identify(IdentityText text, Problem problem, SequenceSlices section)
    {
        text.Line("slices.forward", problem.Shares.Forward);
        text.Line("slices.backward", problem.Shares.Backward);
        text.Line("slices.activation", problem.Shares.Activation);
        text.Line("slices.lengths", problem.Shares.Lengths);
        KeyValue.Identify(text, "slices.keyValue", problem, section);
    }

    private static SharesMember<SequenceSlices> Shares(
        string name, Func<SequenceSlices, ImmutableArray<decimal>?> get, Func<SequenceSlices, ImmutableArray<decimal>, SequenceSlices> set) =>
        new(name, get, set, slices => slices.Count);

    private static string NameOf(SequenceCut cut) => cut == SequenceCut.Even ? "even" : "equalFlops";
}
