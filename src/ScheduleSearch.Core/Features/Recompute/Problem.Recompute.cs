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
            Covered = [.. Enumerable.Range(0, problem.Stages).Select(stage => problem.HasBackward(stage) && recompute?.Covers(stage) == true)];
            Time = problem.TicksOf(Chosen(recompute?.Time ?? problem.Profile.Times.Forward));
            Kept = problem.UnitsOf(Chosen(recompute?.Kept ?? 0));
        }

        /// <summary>Ticks of recomputing a forward; 0 where none is.</summary>
        public ImmutableArray<long> Time { get; }

        /// <summary>Memory units that are kept of an activation until it is recomputed; 0 where none is.</summary>
        public ImmutableArray<long> Kept { get; }

        /// <summary>Whether the stage recomputes.</summary>
        public ImmutableArray<bool> Covered { get; }

        /// <summary>The numbers of the stages that recompute: those of the others decide no scale and may be too large for it.</summary>
        private StageValues Chosen(StageValues values) => StageValues.Each(Covered.Select((covered, stage) => covered ? values[stage] : 0));
    }
}
