using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Storage;

/// <summary>Where an alternative stands, in the profile's own units.</summary>
internal sealed class AlternativeStanding(PlacementAlternative alternative, StoredProblem? stored)
{
    private decimal? _closedForm;

    public PlacementAlternative Alternative { get; } = alternative;

    public Problem? Problem => Alternative.Problem;

    /// <summary>What is stored of it; null when nothing is yet.</summary>
    public StoredProblem? Stored { get; } = stored;

    /// <summary>Its best objective so far; null when it has no schedule.</summary>
    public decimal? Objective => Stored?.Result.ObjectiveTicks is { } ticks ? Problem!.TimeScale.FromTicks(ticks) : null;

    /// <summary>The bound that is stored, or the one that needs no search; only where it has a problem.</summary>
    public decimal LowerBound => Stored?.Result.LowerBound ?? (_closedForm ??= Problem!.TimeScale.FromTicks(BoundCatalogue.Best(Problem).Ticks));
}
