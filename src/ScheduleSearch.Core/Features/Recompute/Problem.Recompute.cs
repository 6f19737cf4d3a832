using System.Collections.Immutable;

namespace ScheduleSearch.Core.Profiles;

public sealed partial class Problem
{
    private RecomputeCosts? _recomputeCosts;

    /// <summary>Ticks of recomputing a forward, by stage.</summary>
    public ImmutableArray<long> RecomputeTime => Recomputation.Time;

    /// <summary>Memory units that are kept of an activation until it is recomputed, by stage.</summary>
    public ImmutableArray<long> Kept => Recomputation.Kept;

    private RecomputeCosts Recomputation => _recomputeCosts ??= new RecomputeCosts(this);

    /// <summary>Whether the activations of a stage are recomputed for the backward.</summary>
    public bool Recomputes(int stage) => Recomputation.Covered[stage];

    /// <summary>Ticks and memory units of recomputing, by stage.</summary>
    private sealed class RecomputeCosts
    {
        public RecomputeCosts(Problem problem)
        {
            var recompute = problem.Profile.Recompute;
            Time = problem.TicksOf(recompute?.Time ?? problem.Profile.Times.Forward);
            Kept = problem.UnitsOf(recompute?.Kept ?? 0);
            Covered = [.. Enumerable.Range(0, problem.Stages).Select(stage => recompute?.Covers(stage) ?? false)];
        }

        /// <summary>Ticks of recomputing a forward.</summary>
        public ImmutableArray<long> Time { get; }

        /// <summary>Memory units that are kept of an activation until it is recomputed.</summary>
        public ImmutableArray<long> Kept { get; }

        /// <summary>Whether the stage recomputes.</summary>
        public ImmutableArray<bool> Covered { get; }
    }
}
