using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Jobs;

/// <summary>
/// One attempt at a stored choice: the quick passes of all alternatives first, then searches of those that can still be better than the
/// best so far, which share the budget evenly. Each is an ordinary job with a row of its own; this one calls no solver itself, so that it
/// takes none of the places that they wait for.
/// </summary>
internal sealed class ChoiceAttempt(ScheduleStore store, JobControl jobs, TimeProvider time, ILogger<ChoiceAttempt> logger)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <returns>False when there is more to do: the budget was raised meanwhile, or the choice is queued anew.</returns>
    public async Task<bool> TryFinishAsync(Job job, StoredChoice stored, CancellationToken either, CancellationToken stopping)
    {
        if (!stored.TryRead(stored.Read, logger, out var choice)) return !await OutlastAsync(() => store.RestartAsync(stored, stopping), stopping);
        var (start, toTheEnd) = (time.GetTimestamp(), true);
        try
        {
            toTheEnd = await SearchAsync(job, stored, choice, either);
        }
        catch (OperationCanceledException) when (job.Canceled.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            toTheEnd = false;
            await TellAsync(job, stored, choice, stopping);
        }

        JobBudgets.SpendOnChoice(stored, time.GetElapsedTime(start).TotalSeconds, toTheEnd);
        await OutlastAsync(() => store.SpendAsync(stored, stopping), stopping);
        var (status, failure) = stored switch
        {
            { Result.ObjectiveTicks: not null } => (stored.Reached, null),
            _ when !toTheEnd => (ScheduleStatus.Canceled, null),
            _ => (ScheduleStatus.Failed, "The solver failed on every placement; the server's log says how."),
        };
        var left = await OutlastAsync(() => store.LeaveAsync(stored, status, failure, stopping), stopping);
        job.Announce();
        return left;
    }

    /// <returns>Whether every search of an alternative came to the end of its share.</returns>
    private async Task<bool> SearchAsync(Job job, StoredChoice stored, PlacementChoice choice, CancellationToken either)
    {
        var (start, asked) = (time.GetTimestamp(), stored.Asked);
        await OutlastAsync(() => store.LeaveAsync(stored, ScheduleStatus.Running, null, either), either);
        foreach (var problem in choice.Problems) await SolveAsync(job, problem, Budget.Quick(asked.Seed), either);
        var standing = await TellAsync(job, stored, choice, either);
        var (searched, isWhole) = (new HashSet<string>(), true);
        var work = asked.Work / Math.Max(1, standing.Open.Count());
        while (standing.Gap > asked.Gap)
        {
            var open = standing.Open.Where(alternative => !searched.Contains(alternative.Problem!.Id)).ToList();
            var left = asked.Seconds - stored.Spent.Seconds - time.GetElapsedTime(start).TotalSeconds;
            if (open.Count == 0 || (left <= 0 && work == 0)) return isWhole;
            var (problem, spent) = (open[0].Problem!, open[0].Stored?.Spent.Seconds ?? 0);
            searched.Add(problem.Id);
            // What one leaves of its share, or what an alternative that falls out would have had, is for the others.
            var share = asked with { Seconds = work > 0 ? 0 : spent + left / open.Count, Work = work };
            await SolveAsync(job, problem, share, either);
            standing = await TellAsync(job, stored, choice, either);
            isWhole &= standing.Alternatives.Any(alternative => alternative.Problem == problem && alternative.Stored is { } now && share.IsMetBy(now));
        }

        return isWhole;
    }

    /// <summary>Has an alternative searched and waits for it. A search that somebody else asked for is not stopped with this one.</summary>
    private async Task SolveAsync(Job job, Problem problem, Budget budget, CancellationToken either)
    {
        var isOurs = await OutlastAsync(() => jobs.SubmitAsync(Submission.Of(problem), budget, either, isPart: true), either);
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
    private async Task<ChoiceStanding> TellAsync(Job job, StoredChoice stored, PlacementChoice choice, CancellationToken either)
    {
        var standing = await OutlastAsync(() => ChoiceStanding.ReadAsync(store, choice, either), either);
        await OutlastAsync(() => store.PointAsync(stored, standing, either), either);
        job.Announce();
        return standing;
    }

    private Task<T> OutlastAsync<T>(Func<Task<T>> action, CancellationToken cancellation) =>
        StorageFault.OutlastAsync(action, time, logger, cancellation);
}
