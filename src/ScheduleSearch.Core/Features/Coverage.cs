using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features;

/// <summary>
/// Whether what is asked of a problem has been shown for all the features that it uses. It is the one place where that is decided: what does not
/// name a feature does not cover it.
/// </summary>
public static class Coverage
{
    /// <summary>Whether a set covers all features that a problem uses.</summary>
    public static bool Covers(this FeatureSet covered, Problem problem) => covered.FirstUncovered(problem) is null;

    /// <summary>
    /// Whether what holds for the features of a set holds for a problem, where it is said of all schedules: features that only rule some
    /// out need not be named.
    /// </summary>
    public static bool CoversAllSchedules(this FeatureSet covered, Problem problem) =>
        problem.Features.All(feature => feature is IRestrictingFeature || covered.Contains(feature));

    /// <summary>The first feature that a problem uses and a set does not cover, in the order of the catalogue; null when there is none.</summary>
    public static IFeature? FirstUncovered(this FeatureSet covered, Problem problem) => problem.Features.FirstOrDefault(feature => !covered.Contains(feature));

    /// <summary>Why something refuses a problem, naming the member that asks for what it does not cover; null when it covers all.</summary>
    /// <param name="covered">What it covers.</param>
    /// <param name="problem">The problem.</param>
    public static string? WhyNot(this FeatureSet covered, Problem problem) =>
        covered.FirstUncovered(problem) is { } feature ? WhyNot(feature) : null;

    /// <summary>Why something refuses a feature that it does not cover, in words that fit every feature.</summary>
    public static string WhyNot(IFeature feature) => $"Does not cover {feature.Member}: leave it out.";
}
