using System.Collections.Immutable;
using ScheduleSearch.Core.Features.Overlap;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Features.TwoPipes;

namespace ScheduleSearch.Core.Features;

/// <summary>Every feature there is: a new one is a new folder and a line here.</summary>
public sealed class FeatureCatalogue
{
    private FeatureCatalogue(ImmutableArray<IFeature> all) => All = all;

    /// <summary>The features of the service.</summary>
    public static FeatureCatalogue Default { get; } = new(
    [
        new TwoPipesFeature(),
        new SlicesFeature(),
        new RecomputeFeature(),
        new OverlapFeature(),
    ]);

    /// <summary>The features, in the order in which they are asked and refused.</summary>
    public ImmutableArray<IFeature> All { get; }

    /// <summary>The same with one more.</summary>
    public FeatureCatalogue With(IFeature feature) => new(All.Add(feature));
}
