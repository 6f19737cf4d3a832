using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Storage;

/// <summary>
/// Where the search for a placement stands. It follows from the rows of the alternatives whenever it is read, so that an alternative that
/// somebody improves by its own id improves the choice.
/// </summary>
/// <param name="Alternatives">The alternatives, in the order of the choice.</param>
internal sealed record ChoiceStanding(IReadOnlyList<AlternativeStanding> Alternatives)
{
    private IEnumerable<AlternativeStanding> Fitting => Alternatives.Where(alternative => alternative.Problem is not null);

    /// <summary>The best alternative so far, the first of equals; null while none has a schedule.</summary>
    public AlternativeStanding? Leader { get; } =
        Alternatives.Where(alternative => alternative.Objective is not null).MinBy(alternative => alternative.Objective);

    /// <summary>The alternative of the least bound, which no schedule on any placement can be better than.</summary>
    public AlternativeStanding Least => Fitting.MinBy(alternative => alternative.LowerBound)!;

    /// <summary>(objective of the leader - least bound) / objective; 1 without a leader.</summary>
    public double Gap => Leader?.Objective is { } objective && objective > 0 ? (double)(Math.Max(0, objective - Least.LowerBound) / objective) : 1;

    /// <summary>Whether no placement can be better than the leader.</summary>
    public bool IsOptimal => Leader is { } leader && leader.Objective <= Least.LowerBound;

    /// <summary>The alternatives that can still be better than the leader, the most promising first.</summary>
    public IEnumerable<AlternativeStanding> Open => Fitting
        .Where(alternative => Leader is not { } leader || alternative.LowerBound < leader.Objective)
        .OrderBy(alternative => alternative.Objective ?? decimal.MaxValue);

    /// <summary>Reads the rows of the alternatives.</summary>
    public static async Task<ChoiceStanding> ReadAsync(ScheduleStore store, PlacementChoice choice, CancellationToken cancellation)
    {
        var rows = await store.FindAllAsync([.. choice.Problems.Select(problem => problem.Id)], cancellation);
        return new([.. choice.Alternatives.Select(alternative => new AlternativeStanding(
            alternative, alternative.Problem is { } problem ? rows.GetValueOrDefault(problem.Id) : null))]);
    }
}

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
