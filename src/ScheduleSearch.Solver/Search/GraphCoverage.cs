using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Fill;
using ScheduleSearch.Core.Features.Frozen;
using ScheduleSearch.Core.Features.Growth;
using ScheduleSearch.Core.Features.Links;
using ScheduleSearch.Core.Features.Optimizer;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Features.Vocabulary;

namespace ScheduleSearch.Solver.Search;

/// <summary>The features that are nothing but operations, edges and holdings of a graph, so that whatever reads the graph covers them.</summary>
internal static class GraphCoverage
{
    /// <summary>Of them those that leave microbatches whole.</summary>
    public static FeatureSet CoveredWhole { get; } = [RecomputeFeature.Id, VocabularyFeature.Id, GrowthFeature.Id, FrozenFeature.Id, .. CoveredBeside];

    /// <summary>All of them.</summary>
    public static FeatureSet Covered { get; } = [.. CoveredWhole, SlicesFeature.Id];

    /// <summary>Those that bring lanes of their own besides, for what takes the lanes of a graph as they come.</summary>
    public static FeatureSet CoveredOnLanes { get; } = [.. Covered, LinksFeature.Id];

    /// <summary>Those of which the graph has one of several forms, for what finds schedules and proves nothing of all.</summary>
    public static FeatureSet CoveredInOneForm { get; } = [DealtFillFeature.Id];

    /// <summary>Those that bring operations which are no part of a microbatch.</summary>
    private static FeatureSet CoveredBeside => [OptimizerFeature.Id, FillFeature.Id];
}
