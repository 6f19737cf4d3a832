using System.Collections.Immutable;
using ScheduleSearch.Core.Features.Recompute;

namespace ScheduleSearch.Core.Profiles;

public sealed partial class Problem
{
    private RecomputeCosts? _recomputeCosts;

    /// <summary>Ticks of recomputing a forward, by stage.</summary>
    public ImmutableArray<long> RecomputeTime => RecomputeCosts.Time;

    /// <summary>Memory units that are kept of an activation until it is recomputed, by stage.</summary>
    public ImmutableArray<long> Kept => RecomputeCosts.Kept;

    private RecomputeCosts RecomputeCosts => _recomputeCosts ??= new RecomputeCosts(this);

    /// <summary>Whether the activations of a stage are recomputed for the backward.</summary>
    public bool Recomputes(int stage) => RecomputeCosts.Covered[stage];
}
