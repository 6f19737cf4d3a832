using System.Collections.Immutable;
using ScheduleSearch.Core.Features.Fill;
using ScheduleSearch.Core.Features.Frozen;
using ScheduleSearch.Core.Features.Optimizer;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Microbatches;

/// <summary>Microbatches whose factors are all the same: the problem of equal microbatches whose times and memory are multiplied.</summary>
internal static class EqualMicrobatches
{
    /// <summary>The features whose sections state nothing that a microbatch takes or holds, so that there is nothing in them to multiply.</summary>
    private static readonly FeatureSet Unscaled = [MicrobatchesFeature.Id, FillFeature.Id, DealtFillFeature.Id, OptimizerFeature.Id, FrozenFeature.Id];

    /// <summary>The profile without factors where they are all the same, and multiplying leaves every number in range; else as it is.</summary>
    public static Profile MultipliedOut(Profile profile)
    {
        if (profile.MicrobatchScale is not { } scale) return profile;
        if (MicrobatchFactors.AreOne(scale)) return profile with { MicrobatchScale = null };
        if (FeatureCatalogue.Default.All.Any(feature => !Unscaled.Contains(feature) && feature.Sections.Any(section => section.IsIn(profile)))) return profile;
        if (OneOf(scale.Forward) is not { } forward || OneOf(scale.Backward ?? scale.Forward) is not { } backward
            || OneOf(scale.Activation) is not { } activation) return profile;
        var multiplied = profile with
        {
            MicrobatchScale = null,
            Times = profile.Times with
            {
                Forward = Times(profile.Times.Forward, forward),
                BackwardInput = Times(profile.Times.BackwardInput, backward),
                BackwardWeight = Times(profile.Times.BackwardWeight, backward),
            },
            Memory = profile.Memory is not { } memory ? null : memory with
            {
                Activation = memory.Activation is { } taken ? Times(taken, activation) : null,
                Retained = memory.Retained is { } retained ? Times(retained, activation) : null,
            },
        };
        return IsInRange(multiplied) ? multiplied : profile;
    }

    private static decimal? OneOf(ImmutableArray<decimal>? factors) => factors is not { } given ? 1 : given.Distinct().Count() == 1 ? given[0] : null;

    private static StageValues Times(StageValues values, decimal factor) =>
        values.IsScalar ? factor * values[0] : StageValues.Each(values.Numbers.Select(number => factor * number));

    private static bool IsInRange(Profile profile)
    {
        if (ProblemScales.FaultOfTimes(profile, FeatureCatalogue.Default) is not null) return false;
        StageValues?[] all =
            [profile.Times.Forward, profile.Times.BackwardInput, profile.Times.BackwardWeight, profile.Memory?.Activation, profile.Memory?.Retained];
        return all.OfType<StageValues>().SelectMany(values => values.Numbers)
            .All(number => number == 0 || number is >= SectionCheck.Smallest and <= SectionCheck.Largest);
    }
}
