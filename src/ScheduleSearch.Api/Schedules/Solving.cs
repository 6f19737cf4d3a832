using ScheduleSearch.Api.Diagnostics;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Schedules;

/// <summary>Has problems searched and answers with what the table holds of them.</summary>
internal sealed class Solving(ScheduleJobs jobs, ScheduleStore store, ScheduleCache cache, ILogger<Solving> logger)
{
    private const int MostAttempts = 3;

    /// <summary>Submits a problem and waits for it.</summary>
    /// <returns>The row, whether it meets the budget or its search has ended, and whether this request caused no search.</returns>
    public async Task<(ScheduleRow Row, bool IsDone, bool Cached)> SolveAsync(
        Problem problem, SolveOptions options, TimeSpan wait, CancellationToken cancellation)
    {
        var asked = Budget.Of(options);
        // What is stored has passed this.
        if (problem.Family is not null && await store.FindAsync(problem.Id, cancellation) is null) AskedFamily.CheckMemory(problem);
        var cached = true;
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            cached &= !await jobs.SubmitAsync(problem, asked, cancellation);
            var row = await jobs.WaitAsync(problem.Id, asked, wait, cancellation);
            if (row is not null && await TrustedAsync(row)) return (row, asked.IsMetBy(row) || !row.IsUnfinished, cached);
        }

        throw new InvalidOperationException($"What is stored of {problem.Id} cannot be trusted, however often it is searched anew.");
    }

    /// <summary>The row of an id; a row that cannot be trusted is searched anew, and queued until then.</summary>
    /// <exception cref="RequestFault">404: there is none.</exception>
    public async Task<ScheduleRow> FindAsync(string id, CancellationToken cancellation)
    {
        while (ScheduleId.IsOne(id) && await store.FindAsync(id, cancellation) is { } row)
        {
            if (await TrustedAsync(row)) return row;
        }

        throw RequestFault.NotFound();
    }

    /// <summary>Whether what a row holds can be answered with.</summary>
    private async Task<bool> TrustedAsync(ScheduleRow row)
    {
        try
        {
            cache.ResultOf(row);
            return true;
        }
        catch (InvalidDataException exception)
        {
            logger.LogError(exception, "The row of {Id} cannot be trusted; its search starts anew.", row.Id);
            await jobs.RestartAsync(row, CancellationToken.None);
            return false;
        }
    }
}
