using ScheduleSearch.Core.Bounds;

namespace ScheduleSearch.Api.Storage;

/// <summary>
/// Where the search for a placement stands. It follows from what is stored of the alternatives whenever it is read, so that an alternative that
/// somebody improves by its own id improves the choice.
/// </summary>
/// <param name="Alternatives">The alternatives, in the order of the choice.</param>
/// <param name="Untried">What no way that is no alternative is better than; null where there is none.</param>
internal sealed record ChoiceStanding(IReadOnlyList<AlternativeStanding> Alternatives, ProvedTime? Untried)
{
    private IEnumerable<AlternativeStanding> Fitting => Alternatives.Where(alternative => alternative.Problem is not null);

    /// <summary>The best alternative so far, the first of equals; null while none has a schedule.</summary>
    public AlternativeStanding? Leader { get; } =
        Alternatives.Where(alternative => alternative.Objective is not null).MinBy(alternative => alternative.Objective);

    /// <summary>What no schedule in any way to close the choice can be better than: the least bound of the alternatives and of the ways beside them.</summary>
    public ProvedTime Bound =>
        Fitting.Select(alternative => alternative.Bound).Concat(Untried is { } untried ? [untried] : []).MinBy(bound => bound.Time);

    /// <summary>(objective of the leader - bound) / objective; 1 without a leader.</summary>
    public double Gap => Leader?.Objective is { } objective && objective > 0 ? (double)(Math.Max(0, objective - Bound.Time) / objective) : 1;

    /// <summary>Whether no way to close the choice can be better than the leader.</summary>
    public bool IsOptimal => Leader is { } leader && leader.Objective <= Bound.Time;

    /// <summary>The alternatives that can still be better than the leader, the most promising first.</summary>
    public IEnumerable<AlternativeStanding> Open => Fitting
        .Where(alternative => Leader is not { } leader || alternative.LowerBound < leader.Objective)
        .OrderBy(alternative => alternative.Objective ?? decimal.MaxValue);

    /// <summary>Reads what is stored of the alternatives.</summary>
    public static async Task<ChoiceStanding> ReadAsync(ScheduleStore store, BoundedChoice bounded, CancellationToken cancellation)
    {
        var stored = await store.FindProblemsAsync([.. bounded.Choice.Problems.Select(problem => problem.Id)], cancellation);
        return new(
            [.. bounded.Alternatives.Select(alternative => new AlternativeStanding(
                alternative, alternative.Alternative.Problem is { } problem ? stored.GetValueOrDefault(problem.Id) : null))],
            bounded.Untried);
    }
}
