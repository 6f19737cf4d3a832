using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Jobs;

/// <summary>
/// One attempt at a stored choice: the quick passes of the alternatives that can lead first, then searches of those that can still be better than the
/// best so far, which share the budget evenly. Each is an ordinary search with a row of its own; this one calls no solver itself.
/// </summary>
internal sealed class ChoiceAttempt(ScheduleStore store, JobControl jobs, AttemptEnd end, TimeProvider time, ILogger<ChoiceAttempt> logger)
{
    /// <summary>Operations of all quick passes together, some seconds of one core, after which no further one begins.</summary>
    private const long MostQuickOperations = 2_000_000;

    /// <summary>The part of the time after which no further quick pass begins.</summary>
    private const double QuickPart = 0.5;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Carries it out.</summary>
    public async Task RunAsync(StoredChoice stored, Lease lease, CancellationToken stopping)
    {
        if (!stored.TryRead(stored.Read, logger, out var choice)) await end.RestartAsync(stored, stopping);
        else await end.OfAsync(stored, lease, () => TryFinishAsync(stored, new BoundedChoice(choice), lease, stopping), stopping);
    }

    /// <returns>False: the row has been left as it should be.</returns>
    private async Task<bool> TryFinishAsync(StoredChoice stored, BoundedChoice choice, Lease lease, CancellationToken stopping)
    {
        var (start, toTheEnd) = (time.GetTimestamp(), true);
        try
        {
            toTheEnd = await SearchAsync(stored, choice, lease);
        }
        catch (OperationCanceledException) when (lease.Ending == Ending.Stopped)
        {
            toTheEnd = false;
            await TellAsync(stored, choice, stopping);
        }

        JobBudgets.SpendOnChoice(stored, time.GetElapsedTime(start).TotalSeconds, toTheEnd);
        var (status, failure) = stored switch
        {
            { Result.ObjectiveTicks: not null } => (stored.Reached, null),
            _ when !toTheEnd => (ScheduleStatus.Canceled, null),
            _ => (ScheduleStatus.Failed, "The solver failed on every alternative; the server's log says how."),
        };
        await end.LeaveAsync(stored, status, failure, stopping);
        return false;
    }

    /// <returns>Whether every search of an alternative came to the end of its share.</returns>
    private async Task<bool> SearchAsync(StoredChoice stored, BoundedChoice choice, Lease lease)
    {
        var (start, asked) = (time.GetTimestamp(), stored.Asked);
        await end.LeaveAsync(stored, ScheduleStatus.Running, null, lease.Token);
        await TryQuicklyAsync(stored, choice, lease);
        var standing = await TellAsync(stored, choice, lease.Token);
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
            await SolveAsync(stored, problem, share, lease);
            standing = await TellAsync(stored, choice, lease.Token);
            isWhole &= standing.Alternatives.Any(alternative => alternative.Problem == problem && alternative.Stored is { } now && share.IsMetBy(now));
        }

        return isWhole;
    }

    /// <summary>
    /// First schedules, of the alternatives of the least bounds first. One whose bound is no better than the best schedule so far is left out; so are
    /// all that are left when the gap is good enough, or so much is spent that the searches should begin.
    /// </summary>
    private async Task TryQuicklyAsync(StoredChoice stored, BoundedChoice choice, Lease lease)
    {
        var (asked, start, operations, best) = (stored.Asked, time.GetTimestamp(), 0L, (decimal?)null);
        var alternatives = choice.Alternatives.Where(alternative => alternative.Alternative.Problem is not null)
            .Select(alternative => (Problem: alternative.Alternative.Problem!, Bound: alternative.LeastBound.Time))
            .OrderBy(alternative => alternative.Bound).ToList();
        var least = Math.Min(alternatives[0].Bound, choice.Untried?.Time ?? decimal.MaxValue);
        foreach (var (problem, bound) in alternatives)
        {
            if (best is { } objective && (bound >= objective || (double)((objective - least) / objective) <= asked.Gap || IsSpent())) return;
            operations += 3L * problem.Stages * problem.Microbatches;
            if (await SolveAsync(stored, problem, Budget.Quick(asked.Seed), lease) is not { Result.ObjectiveTicks: { } ticks }) continue;
            best = Math.Min(best ?? decimal.MaxValue, problem.TimeScale.FromTicks(ticks));
        }

        // The outcome of work does not depend on the clock.
        bool IsSpent() => operations >= MostQuickOperations || (asked.Seconds > 0 && time.GetElapsedTime(start).TotalSeconds >= asked.Seconds * QuickPart);
    }

    /// <summary>Has an alternative searched and waits for it. A search that somebody else asked for is not stopped with this one.</summary>
    /// <returns>What is stored of it then.</returns>
    private async Task<StoredSchedule?> SolveAsync(StoredChoice stored, Problem problem, Budget budget, Lease lease)
    {
        var asking = new Asking(stored.Caller, lease.IsWaitedFor) { Due = stored.Due };
        var isOurs = await OutlastAsync(() => jobs.SubmitAsync(Submission.Of(problem), budget, asking, lease.Token), lease.Token);
        try
        {
            var deadline = new Deadline(time.GetTimestamp(), Longest);
            var found = await OutlastAsync(() => jobs.WaitAsync(problem.Id, budget, deadline, lease.Token, () => lease.IsWaitedFor), lease.Token);
            lease.Token.ThrowIfCancellationRequested();
            return found;
        }
        catch (OperationCanceledException) when (isOurs && lease.Ending == Ending.Stopped)
        {
            await jobs.CancelAsync(problem.Id, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Stores where the choice stands.</summary>
    private async Task<ChoiceStanding> TellAsync(StoredChoice stored, BoundedChoice choice, CancellationToken cancellation)
    {
        var standing = await OutlastAsync(() => ChoiceStanding.ReadAsync(store, choice, cancellation), cancellation);
        await OutlastAsync(() => store.PointAsync(stored, standing, cancellation), cancellation);
        return standing;
    }

    private Task<T> OutlastAsync<T>(Func<Task<T>> action, CancellationToken cancellation) =>
        StorageFault.OutlastAsync(action, time, logger, cancellation);
}
