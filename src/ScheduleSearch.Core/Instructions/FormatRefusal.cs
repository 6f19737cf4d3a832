using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Instructions;

/// <summary>Why a format cannot carry a schedule, and what would make it possible.</summary>
/// <param name="Member">
/// JSON path of the request's member that decides it, such as <c>$.options.splitBackward</c>; the parameter <c>format</c> when none does.
/// </param>
/// <param name="Reason">What the runtime cannot do, in one sentence.</param>
/// <param name="Fix">What to change, in one sentence.</param>
public sealed record FormatRefusal(string Member, string Reason, string Fix)
{
    /// <summary>The refusal of a feature that the format does not cover, in words that fit every feature.</summary>
    public static FormatRefusal Of(IFeature feature, string part) =>
        new($"$.{feature.Member}", $"{part} says nothing of {feature.Member}.", $"Leave {feature.Member} out, or use the format native.");

    /// <summary>The refusal of the first feature of a problem that streams have to tell of and cannot, in its own words; null when there is none.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="covers">The features that the streams can tell of.</param>
    /// <param name="partThatNames">The part of the runtime that would have to name a feature, such as "A task of JaxPP".</param>
    public static FormatRefusal? OfUncovered(Problem problem, FeatureSet covers, Func<IFeature, string> partThatNames)
    {
        var uncovered = problem.Features.FirstOrDefault(feature => !covers.Contains(feature) && feature is not ICarriedFeature { IsCarriedAsLatency: true });
        return uncovered switch
        {
            null => null,
            ICarriedFeature carried => carried.WhyNotCarried(partThatNames(uncovered)),
            _ => Of(uncovered, partThatNames(uncovered)),
        };
    }
}
