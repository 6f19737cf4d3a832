using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Frozen;
using ScheduleSearch.Core.Features.Growth;
using ScheduleSearch.Core.Features.Optimizer;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.Robust;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>
/// What is proved of the objective at the means of the durations, which the mean of the objective over scenarios with these means is never below: see
/// <see cref="Problem.AtMeans"/>. Nothing of other statistics.
/// </summary>
internal sealed class MeanDurationsBound : ILowerBound
{
    public string Name => "mean-durations";

    public FeatureSet Covers { get; } = [RobustFeature.Id, GrowthFeature.Id, FrozenFeature.Id, OptimizerFeature.Id, VocabularyFeature.Id, .. CoveredAtMeans];

    /// <summary>What is proved at the means covers all of these for itself, or not.</summary>
    private static FeatureSet CoveredAtMeans => [RecomputeFeature.Id, SlicesFeature.Id];

    public long? Prove(Problem problem)
    {
        if (problem.Robust is not { Statistic: Statistic.Mean }) return null;
        var means = problem.AtMeans();
        return problem.BoundOfMeans(means, BoundCatalogue.Best(means).Ticks);
    }
}
