using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>
/// A choice with what is proved of it without a search. Cost: that of the bounds of all problems that are asked for, each at most once; little beside a quick
/// pass over the alternatives.
/// </summary>
public sealed class BoundedChoice
{
    private readonly Lazy<ProvedTime?> _untried;

    /// <param name="choice">The choice.</param>
    public BoundedChoice(PlacementChoice choice)
    {
        var bounds = choice.Alternatives.Select(alternative => alternative.Relaxed).OfType<RelaxedWays>().Distinct()
            .ToDictionary(ways => ways, ways => new Lazy<ProvedTime?>(() => Of(ways)));
        var none = new Lazy<ProvedTime?>((ProvedTime?)null);
        Choice = choice;
        Alternatives = [.. choice.Alternatives.Select(alternative =>
            new BoundedAlternative(alternative, alternative.Relaxed is { } ways ? bounds[ways] : none))];
        _untried = new(() => bounds.Values.Select(bound => bound.Value).Where(bound => bound is not null).MinBy(bound => bound!.Value.Time));
    }

    /// <summary>The choice.</summary>
    public PlacementChoice Choice { get; }

    /// <summary>Its alternatives, in its order.</summary>
    public IReadOnlyList<BoundedAlternative> Alternatives { get; }

    /// <summary>
    /// What no schedule of any way that is no alternative is better than; null where none of them has a schedule, or all ways are alternatives.
    /// </summary>
    public ProvedTime? Untried => _untried.Value;

    internal static ProvedTime InUnits(Problem problem)
    {
        var bound = BoundCatalogue.Best(problem);
        return new(problem.TimeScale.FromTicks(bound.Ticks), bound.Name);
    }

    /// <summary>The largest over the groups of the least of their problems; null where a group has none, since then no way has a schedule.</summary>
    private static ProvedTime? Of(RelaxedWays ways)
    {
        ProvedTime? largest = null;
        foreach (var group in ways.Groups)
        {
            var bounds = group.Select(InUnits).ToList();
            if (bounds.Count == 0) return null;
            var least = bounds.MinBy(bound => bound.Time);
            if (largest is not { } before || least.Time > before.Time) largest = least;
        }

        return largest;
    }
}
