using System.Text.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Microbatches;

/// <summary>The list <c>microbatches</c>: what is written and identified of it is <c>microbatchScale</c>.</summary>
internal sealed class MicrobatchListSection(MicrobatchScaleSection scale) : ListSection<MicrobatchCost, MicrobatchList>
{
    public override string Name => "microbatches";

    protected override ItemTable<MicrobatchCost> Table { get; } = new(
        new(),
    [
        new FactorMember<MicrobatchCost>(
            "scale", Quantity.Time, microbatch => microbatch.Scale, (microbatch, factor) => microbatch with { Scale = factor }),
        new FactorMember<MicrobatchCost>(
            "activationScale", Quantity.Memory, microbatch => microbatch.ActivationScale, (microbatch, factor) => microbatch with { ActivationScale = factor }),
    ]);

    public override void Write(Utf8JsonWriter writer, Profile profile)
    {
        if (profile.Microbatches is { } microbatches) scale.Write(writer, profile with { MicrobatchScale = microbatches.AsScale() });
    }

    public override void Check(SectionCheck check)
    {
        var (microbatches, count) = (check.Profile.Microbatches!, check.Profile.Pipeline.Microbatches);
        if (microbatches.Count != count)
        {
            check.Impossible($"Has {microbatches.Count} microbatches, and pipeline.microbatches is {count}: give as many, or change that.");
            return;
        }

        foreach (var (index, microbatch) in microbatches.Index()) Table.Check(check.At(index), microbatch);
    }

    public override void CheckAmongOthers(SectionCheck check, IReadOnlyCollection<string> others)
    {
        foreach (var other in scale.GoesNotWith.Append(scale.Name).Where(others.Contains)) check.Malformed($"Does not go with {other}: give one of them.");
        if (check.IsClean) MicrobatchScaleSection.CheckAgainstProfile(check);
    }

    /// <summary>Problems have it as <c>microbatchScale</c>.</summary>
    public override void Identify(IdentityText text, Problem problem)
    {
    }

    protected override MicrobatchList ListOf(ReadOnlySpan<MicrobatchCost> items) => MicrobatchList.Of(items);

    protected override int SpareDigitsOf(MicrobatchList items) => MicrobatchFactors.AreOne(items.AsScale()) ? 0 : FactorMember<MicrobatchCost>.MostDigits;
}
