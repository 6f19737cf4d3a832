using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Microbatches;

/// <summary>The members of <c>microbatchScale</c>, which may be the factors of all times alone.</summary>
internal sealed class MicrobatchScaleSection : ProfileSection<MicrobatchScale>
{
    public override string Name => "microbatchScale";

    public override IReadOnlyList<SectionMember<MicrobatchScale>> Table { get; } =
    [
        new FactorsMember<MicrobatchScale>("forward", Quantity.Time, scale => scale.Forward, (scale, factors) => scale with { Forward = factors }),
        new FactorsMember<MicrobatchScale>("backward", Quantity.Time, scale => scale.Backward, (scale, factors) => scale with { Backward = factors }),
        new FactorsMember<MicrobatchScale>("activation", Quantity.Memory, scale => scale.Activation, (scale, factors) => scale with { Activation = factors }),
    ];

    public override IReadOnlyList<string> GoesNotWith => ["slices", "overlap"];

    protected override MicrobatchScale Blank { get; } = new();

    /// <summary>A list has the factors of all times.</summary>
    public override MicrobatchScale? ReadValue(JsonValue value) =>
        !value.IsArray ? value.Members(Read) : value.Each(factor => factor.Number()) is { } factors ? factors : null;

    /// <summary>What factors make of numbers has as many digits more.</summary>
    protected override int SpareDigitsOf(MicrobatchScale section) =>
        MicrobatchFactors.AreOne(section) ? 0 : FactorMember<MicrobatchCost>.MostDigits;

    /// <summary>What the factors come to, so that the same problem has the same id: nothing where they are all 1.</summary>
    public override void Identify(IdentityText text, Problem problem)
    {
        if (!problem.HasUnequalMicrobatches) return;
        foreach (var (member, factors) in new[]
        {
            ("forward", problem.Factors.Forward), ("backward", problem.Factors.Backward), ("activation", problem.Factors.Activation),
        })
        {
            text.Line($"{Name}.{member}", factors.Select(factor => (decimal)factor / MicrobatchFactors.One));
        }
    }

    protected override void CheckAgainstProfile(SectionCheck check, MicrobatchScale section) => CheckAgainstProfile(check);

    /// <summary>Finds what unequal microbatches do not go with, however they are stated.</summary>
    internal static void CheckAgainstProfile(SectionCheck check)
    {
        if (Problem.PlacementOf(check.Profile).Pipes > 1)
            check.Malformed("Does not go with two pipes, which the microbatches would have to be shared out to: use a placement of one pipe, or leave it out.");
        if (check.Profile.Times.Communication.Bandwidth is not null)
            check.Malformed("Does not go with times.communication.bandwidth, since sizes say nothing of unequal messages: state latency, or leave it out.");
    }
}
