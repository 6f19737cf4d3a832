using ScheduleSearch.Core.Features;

namespace ScheduleSearch.Core.Profiles;

/// <summary>What the problems are of that ways to close a profile make.</summary>
/// <param name="Objective">What schedules are judged by.</param>
/// <param name="SplitBackward">Whether backwardWeight may be scheduled apart from backwardInput.</param>
/// <param name="Features">The features that the profile may use.</param>
public readonly record struct AskedWays(Objective Objective, bool SplitBackward, FeatureCatalogue Features);
