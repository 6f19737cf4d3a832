using System.Collections.Immutable;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Layers;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Estimates.Plans;

/// <summary>
/// The split whose largest stage takes least, by dynamic programming (PipeDream's partitioning, Harlap et al. 2018), as if each stage had a device of its own.
/// Where a rank has one stage, no split gives the busiest rank less to do.
/// </summary>
internal static class BottleneckSplit
{
    /// <summary>The layers of each stage; null where no split leaves each stage room for one microbatch, or there are too many to go through.</summary>
    /// <param name="layered">A valid profile of layers whose split is open.</param>
    public static ImmutableArray<int>? Of(Profile layered)
    {
        var alone = new PipelineShape
        {
            Devices = (int)layered.Pipeline.Stages,
            Microbatches = layered.Pipeline.Microbatches,
        };
        // The span counts the work of a stage alone, and not how long its first microbatch takes to reach it.
        var bottleneck = new SplitBottleneck(layered with { Pipeline = alone }, new AskedWays(Objective.Span, true, FeatureCatalogue.Default));
        return bottleneck.IsExact ? bottleneck.Cut()?.Split : null;
    }
}
