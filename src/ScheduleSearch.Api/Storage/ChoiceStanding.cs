using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Storage;

/// <summary>
/// Where the search for a placement stands. It follows from what is stored of the alternatives whenever it is read, so that an alternative that
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

    /// <summary>Reads what is stored of the alternatives.</summary>
    public static async Task<ChoiceStanding> ReadAsync(ScheduleStore store, PlacementChoice choice, CancellationToken cancellation)
    {
        var stored = await store.FindProblemsAsync([.. choice.Problems.Select(problem => problem.Id)], cancellation);
        return new([.. choice.Alternatives.Select(alternative => new AlternativeStanding(
            alternative, alternative.Problem is { } problem ? stored.GetValueOrDefault(problem.Id) : null))]);
    }
}
