using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Recompute;

/// <summary>Ticks and memory units of recomputing, by stage.</summary>
internal sealed class RecomputeCosts
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
