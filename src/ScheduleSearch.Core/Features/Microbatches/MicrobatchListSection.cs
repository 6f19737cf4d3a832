using System.Text.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Microbatches;

/// <summary>The list <c>microbatches</c>: what is written and identified of it is <c>microbatchScale</c>.</summary>
internal sealed class MicrobatchListSection(MicrobatchScaleSection scale) : IProfileSection
{
    public string Name => "microbatches";

    public Type Type => typeof(MicrobatchList);

    public Type RecordType => typeof(MicrobatchCost);

    public SectionOrder Order => SectionOrder.Last;

    public IReadOnlyList<IProfileMember> Members => Table;

    public string? MemberOfParts => null;

    private static IReadOnlyList<FactorMember<MicrobatchCost>> Table { get; } =
    [
        new("scale", Quantity.Time, microbatch => microbatch.Scale, (microbatch, factor) => microbatch with { Scale = factor }),
        new("activationScale", Quantity.Memory, microbatch => microbatch.ActivationScale, (microbatch, factor) => microbatch with { ActivationScale = factor }),
    ];

    public bool IsIn(Profile profile) => profile.Microbatches is not null;

    public object? Read(JsonValue value) =>
        value.EachObject(microbatch => microbatch.Members(ReadMicrobatch)) is { } microbatches ? MicrobatchList.Of(microbatches.AsSpan()) : null;

    public void Write(Utf8JsonWriter writer, Profile profile)
    {
        if (profile.Microbatches is { } microbatches) scale.Write(writer, profile with { MicrobatchScale = microbatches.AsScale() });
    }

    public void Check(SectionCheck check)
    {
        var (microbatches, count) = (check.Profile.Microbatches!, check.Profile.Pipeline.Microbatches);
        if (microbatches.Count != count)
        {
            check.Impossible($"Has {microbatches.Count} microbatches, and pipeline.microbatches is {count}: give as many, or change that.");
            return;
        }

        foreach (var (index, microbatch) in microbatches.Index())
        {
            foreach (var member in Table) member.Check(check.At(index), microbatch);
        }
    }

    public void CheckAmongOthers(SectionCheck check, IReadOnlyCollection<string> others)
    {
        foreach (var other in scale.GoesNotWith.Append(scale.Name).Where(others.Contains)) check.Malformed($"Does not go with {other}: give one of them.");
        if (check.IsClean) MicrobatchScaleSection.CheckAgainstProfile(check);
    }

    public int PartsOfMicrobatch(Profile profile) => 1;

    void IProfileSection.Count(ScaleNumbers numbers)
    {
        if (numbers.Profile.Microbatches is not { } microbatches) return;
        foreach (var (index, microbatch) in microbatches.Index())
        {
            numbers.Section = $"{Name}[{index}]";
            foreach (var member in Table) member.Count(numbers, microbatch, 1);
        }

        if (!MicrobatchFactors.AreOne(microbatches.AsScale())) numbers.Spare(FactorMember<MicrobatchCost>.MostDigits);
    }

    /// <summary>Problems have it as <c>microbatchScale</c>.</summary>
    public void Identify(IdentityText text, Problem problem)
    {
    }

    public void IdentifyMerging(IdentityText text, Profile finest)
    {
    }

    public string? WhyNotMerged(Profile profile) => null;

    /// <summary>It knows no stages.</summary>
    public Profile Merge(Profile merged, Profile finest, MergedStages merging) => merged;

    private static MicrobatchCost? ReadMicrobatch(JsonMembers members)
    {
        var (microbatch, isComplete) = (new MicrobatchCost(), true);
        foreach (var member in Table) isComplete &= member.Read(members, ref microbatch);
        return isComplete ? microbatch : null;
    }
}
