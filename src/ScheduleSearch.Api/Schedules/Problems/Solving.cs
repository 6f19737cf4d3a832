using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Schedules.Problems;

/// <summary>Has problems searched and answers with what the table holds of them.</summary>
internal sealed class Solving(ScheduleJobs jobs, ScheduleStore store, ScheduleCache cache, ILogger<Solving> logger)
{
    private const int MostAttempts = 3;

    /// <summary>Submits a problem or a choice and waits for it.</summary>
    /// <returns>The row, whether it meets the budget or its search has ended, and whether this request caused no search.</returns>
    public async Task<(ScheduleRow Row, bool IsDone, bool Cached)> SolveAsync(
        StoredRequest request, SolveOptions options, TimeSpan wait, CancellationToken cancellation)
    {
        var asked = Budget.Of(options);
        // What is stored has passed this.
        if (request.Problem is { Family: not null } problem && await store.FindAsync(problem.Id, cancellation) is null) AskedFamily.CheckMemory(problem);
        var cached = true;
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            cached &= !await jobs.SubmitAsync(request, asked, cancellation);
            var row = await jobs.WaitAsync(request.Id, asked, wait, cancellation);
            if (row is not null && await TrustedAsync(row)) return (row, asked.IsMetBy(row) || !row.IsUnfinished, cached);
        }

        throw new InvalidOperationException($"What is stored of {request.Id} cannot be trusted, however often it is searched anew.");
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

    /// <summary>What is answered of a trusted row.</summary>
    public async Task<ScheduleView> ViewAsync(ScheduleRow row, CancellationToken cancellation) => row.IsChoice
        ? ScheduleView.Of(row, await StandingAsync(row, cancellation), cache)
        : ScheduleView.Of(row, cache);

    /// <summary>The row whose schedule an id stands for: for a choice the one that leads, once there is one; and whether it will always be that schedule.</summary>
    /// <exception cref="RequestFault">404: there is none.</exception>
    public async Task<(ScheduleRow Row, bool IsFinal)> FindScheduleAsync(string id, CancellationToken cancellation)
    {
        var row = await FindAsync(id, cancellation);
        // Among equal alternatives another may come to lead.
        return row.IsChoice
            ? ((await StandingAsync(row, cancellation)).Leader?.Row ?? row, false)
            : (row, row.Status == ScheduleStatus.Optimal);
    }

    private async Task<ChoiceStanding> StandingAsync(ScheduleRow row, CancellationToken cancellation)
    {
        while (true)
        {
            var standing = await ChoiceStanding.ReadAsync(store, cache.ChoiceOf(row), cancellation);
            var trusted = true;
            foreach (var alternative in standing.Alternatives) trusted &= alternative.Row is null || await TrustedAsync(alternative.Row);
            if (trusted) return standing;
        }
    }

    /// <summary>Whether what a row holds can be answered with.</summary>
    private async Task<bool> TrustedAsync(ScheduleRow row)
    {
        try
        {
            if (row.IsChoice) cache.ChoiceOf(row);
            else cache.ResultOf(row);
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
