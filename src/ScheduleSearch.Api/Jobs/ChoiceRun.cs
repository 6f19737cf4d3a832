using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Jobs;

/// <summary>
/// One attempt at a row that points: the quick passes of all alternatives first, then searches of those that can still be better than the
/// best so far, which share the budget evenly. Each is an ordinary search with its own row; this takes none of the lanes that they run on.
/// </summary>
internal sealed class ChoiceRun(ScheduleStore store, ScheduleJobs jobs, TimeProvider time, ILogger<ChoiceRun> logger)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <returns>False when the budget was raised meanwhile, so that there is more to do.</returns>
    public async Task<bool> TryFinishAsync(SearchJob job, ScheduleRow row, CancellationToken either, CancellationToken stopping)
    {
        if (TryRead(row) is not { } choice) return !await OutlastAsync(() => store.RestartAsync(row, stopping), stopping);
        var (start, toTheEnd) = (time.GetTimestamp(), true);
        try
        {
            await SearchAsync(job, row, choice, either);
        }
        catch (OperationCanceledException) when (job.Canceled.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            toTheEnd = false;
            await TellAsync(job, row, choice, stopping);
        }

        SearchBudgets.SpendOnChoice(row, time.GetElapsedTime(start).TotalSeconds, toTheEnd);
        await OutlastAsync(() => store.SpendAsync(row, stopping), stopping);
        var (status, failure) = row switch
        {
            { ObjectiveTicks: not null } => (row.Reached, null),
            _ when !toTheEnd => (ScheduleStatus.Canceled, null),
            _ => (ScheduleStatus.Failed, "The solver failed on every placement; the server's log says how."),
        };
        var left = await OutlastAsync(() => store.LeaveAsync(row, status, failure, stopping), stopping);
        job.Announce();
        return left;
    }

    private PlacementChoice? TryRead(ScheduleRow row)
    {
        try
        {
            return StoredProblem.ReadChoice(row);
        }
        catch (InvalidDataException exception)
        {
            logger.LogError(exception, "The row of {Id} cannot be trusted; its search starts anew.", row.Id);
            return null;
        }
    }

    private async Task SearchAsync(SearchJob job, ScheduleRow row, PlacementChoice choice, CancellationToken either)
    {
        var (start, asked) = (time.GetTimestamp(), Budget.Of(row));
        await OutlastAsync(() => store.LeaveAsync(row, ScheduleStatus.Running, null, either), either);
        foreach (var problem in choice.Problems) await SolveAsync(job, problem, Budget.Quick(row.Seed), either);
        var standing = await TellAsync(job, row, choice, either);
        var searched = new HashSet<string>();
        var work = asked.Work / Math.Max(1, standing.Open.Count());
        while (standing.Gap > asked.Gap)
        {
            var open = standing.Open.Where(alternative => !searched.Contains(alternative.Problem!.Id)).ToList();
            var left = asked.Seconds - row.SpentSeconds - time.GetElapsedTime(start).TotalSeconds;
            if (open.Count == 0 || (left <= 0 && work == 0)) return;
            var (problem, spent) = (open[0].Problem!, open[0].Row?.SpentSeconds ?? 0);
            searched.Add(problem.Id);
            // What one leaves of its share, or what an alternative that falls out would have had, is for the others.
            await SolveAsync(job, problem, asked with { Seconds = work > 0 ? 0 : spent + left / open.Count, Work = work }, either);
            standing = await TellAsync(job, row, choice, either);
        }
    }

    /// <summary>Has an alternative searched and waits for it. A search that somebody else asked for is not stopped with this one.</summary>
    private async Task SolveAsync(SearchJob job, Problem problem, Budget budget, CancellationToken either)
    {
        var isOurs = await OutlastAsync(() => jobs.SubmitAsync(StoredRequest.Of(problem), budget, either, isPart: true), either);
        try
        {
            await OutlastAsync(() => jobs.WaitAsync(problem.Id, budget, Longest, either), either);
            either.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException) when (isOurs && job.Canceled.IsCancellationRequested && !jobs.IsStopping)
        {
            await jobs.CancelAsync(problem.Id, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Stores where the choice stands and tells who waits for it.</summary>
    private async Task<ChoiceStanding> TellAsync(SearchJob job, ScheduleRow row, PlacementChoice choice, CancellationToken either)
    {
        var standing = await OutlastAsync(() => ChoiceStanding.ReadAsync(store, choice, either), either);
        await OutlastAsync(() => store.PointAsync(row, standing, either), either);
        job.Announce();
        return standing;
    }

    private Task<T> OutlastAsync<T>(Func<Task<T>> action, CancellationToken cancellation) =>
        StorageFault.OutlastAsync(action, time, logger, cancellation);
}
