using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Profiles;

/// <summary>
/// The scales of a valid profile: every number of a quantity that any section has decides its scale, and the sum of all that the stages take for all
/// microbatches, one operation after the other and each message waited for, bounds every sum: no timeline, head or tail is longer.
/// </summary>
internal static class ProblemScales
{
    /// <summary>The scale of all times.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="placement">Where its stages stand.</param>
    /// <param name="isFine">Whether times between those of its numbers are told apart, as means have to be.</param>
    /// <param name="features">The features that it may use.</param>
    public static DecimalScale OfTimes(Profile profile, Placement placement, bool isFine, FeatureCatalogue features)
    {
        var numbers = new ScaleNumbers(Quantity.Time, profile, placement);
        if (isFine) numbers.Spare(DecimalScale.SpareDigits);
        return Of(numbers, features);
    }

    /// <summary>The scale of all amounts of memory.</summary>
    public static DecimalScale OfMemory(Profile profile, Placement placement, FeatureCatalogue features) =>
        profile.Memory is null ? DecimalScale.For([], 0) : Of(new ScaleNumbers(Quantity.Memory, profile, placement), features);

    /// <summary>Why the numbers of a profile in which nothing else is wrong do not go on their scales; null when they do.</summary>
    public static ProfileError? FaultOf(Profile profile, FeatureCatalogue features) => FaultOfTimes(profile, features) ?? FaultOfMultiples(profile, features);

    /// <summary>Why the times of a profile in which nothing else is wrong do not go on one scale; null when they do.</summary>
    public static ProfileError? FaultOfTimes(Profile profile, FeatureCatalogue features) =>
        Counted(new ScaleNumbers(Quantity.Time, profile, Problem.PlacementOf(profile)), features).Fault();

    /// <summary>Why what microbatches take of the numbers of a profile in which nothing else is wrong does not go on their scales; null when it does.</summary>
    private static ProfileError? FaultOfMultiples(Profile profile, FeatureCatalogue features) => new[] { Quantity.Time, Quantity.Memory }
        .Select(quantity => Counted(new ScaleNumbers(quantity, profile, Problem.PlacementOf(profile)), features).FaultOfMultiples())
        .FirstOrDefault(fault => fault is not null);

    private static DecimalScale Of(ScaleNumbers numbers, FeatureCatalogue features) => Counted(numbers, features).Scale();

    private static ScaleNumbers Counted(ScaleNumbers numbers, FeatureCatalogue features)
    {
        foreach (var section in CoreSections.All.Concat(features.Sections)) section.Count(numbers);
        return numbers;
    }
}
