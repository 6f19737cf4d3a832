namespace ScheduleSearch.Api.Access;

/// <summary>What a caller may have at most; null is no limit.</summary>
/// <param name="RequestsPerMinute">Requests a minute, in each process.</param>
/// <param name="ConcurrentSolves">Solves that have not ended.</param>
/// <param name="SolverSecondsPerDay">Seconds of search in a day of UTC.</param>
internal readonly record struct Quotas(int? RequestsPerMinute, int? ConcurrentSolves, int? SolverSecondsPerDay)
{
    /// <summary>Whether solves have to be counted.</summary>
    public bool CountSolves => ConcurrentSolves is not null || SolverSecondsPerDay is not null;

    /// <summary>These, and others where there is none.</summary>
    public Quotas Else(Quotas others) => new(
        RequestsPerMinute ?? others.RequestsPerMinute, ConcurrentSolves ?? others.ConcurrentSolves, SolverSecondsPerDay ?? others.SolverSecondsPerDay);
}
