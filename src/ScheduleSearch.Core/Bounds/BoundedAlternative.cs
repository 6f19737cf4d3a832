using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>An alternative with what is proved of it without a search.</summary>
public sealed class BoundedAlternative
{
    private readonly Lazy<ProvedTime?> _relaxed;
    private readonly Lazy<ProvedTime> _own;

    /// <param name="alternative">The alternative.</param>
    /// <param name="relaxed">What holds for every way beside it, tried or not; null where all ways are alternatives.</param>
    internal BoundedAlternative(PlacementAlternative alternative, Lazy<ProvedTime?> relaxed)
    {
        (Alternative, _relaxed) = (alternative, relaxed);
        _own = new(() => BoundedChoice.InUnits(alternative.Problem!));
    }

    /// <summary>The alternative.</summary>
    public PlacementAlternative Alternative { get; }

    /// <summary>What no schedule of the alternative is better than, proved without a search; only where it has a problem.</summary>
    public ProvedTime LeastBound => Lifted(_own.Value);

    /// <summary>The larger of a bound on the alternative and what holds for every way beside it too.</summary>
    public ProvedTime Lifted(ProvedTime bound) => _relaxed.Value is { } relaxed && relaxed.Time > bound.Time ? relaxed : bound;
}
