using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Storage;

/// <summary>Where an alternative stands, in the profile's own units.</summary>
internal sealed class AlternativeStanding(PlacementAlternative alternative, ScheduleRow? row)
{
    private decimal? _closedForm;

    public PlacementAlternative Alternative { get; } = alternative;

    public Problem? Problem => Alternative.Problem;

    /// <summary>Its row; null when it has none yet.</summary>
    public ScheduleRow? Row { get; } = row;

    /// <summary>Its best objective so far; null when it has no schedule.</summary>
    public decimal? Objective => Row?.ObjectiveTicks is { } ticks ? Problem!.TimeScale.FromTicks(ticks) : null;

    /// <summary>The bound of its row, or the one that needs no search; only where it has a problem.</summary>
    public decimal LowerBound => Row?.LowerBound ?? (_closedForm ??= Problem!.TimeScale.FromTicks(BoundCatalogue.Best(Problem).Ticks));
}
