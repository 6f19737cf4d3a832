using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Storage;

/// <summary>Where an alternative stands, in the profile's own units.</summary>
internal sealed class AlternativeStanding(BoundedAlternative bounded, StoredProblem? stored)
{
    public PlacementAlternative Alternative { get; } = bounded.Alternative;

    public Problem? Problem => Alternative.Problem;

    /// <summary>What is stored of it; null when nothing is yet.</summary>
    public StoredProblem? Stored { get; } = stored;

    /// <summary>Its best objective so far; null when it has no schedule.</summary>
    public decimal? Objective => Stored?.Result.ObjectiveTicks is { } ticks ? Problem!.TimeScale.FromTicks(ticks) : null;

    /// <summary>
    /// The bound that is stored, or the one that needs no search, and no less than what holds for all ways beside it; only where it has a problem.
    /// </summary>
    public ProvedTime Bound =>
        Stored?.Result is { LowerBound: { } bound } result ? bounded.Lifted(new ProvedTime(bound, result.BoundName)) : bounded.LeastBound;

    /// <summary>(objective - bound) / objective; null when it has no schedule.</summary>
    public double? Gap => Objective is { } objective && objective > 0 ? (double)(Math.Max(0, objective - LowerBound) / objective) : null;

    /// <summary>The time of the bound.</summary>
    public decimal LowerBound => Bound.Time;
}
