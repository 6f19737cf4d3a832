using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Jobs;

/// <summary>What requests ask of the jobs: to have what is submitted searched once, however many ask, to wait for it and to stop it.</summary>
internal sealed class JobControl(
    ScheduleStore store, JobRunner runner, IHostApplicationLifetime lifetime, TimeProvider time, IOptions<JobSettings> settings)
{
    /// <summary>How often a row is read that no job of this process searches.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(0.5);

    /// <summary>Whether the service stops, so that nobody should wait any longer.</summary>
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>The longest that a request waits for a search of a time limit.</summary>
    public TimeSpan WaitFor(SolveOptions options) => TimeSpan.FromSeconds(options.TimeLimitSeconds + settings.Value.GraceSeconds);

    /// <summary>Sees to it that what is stored will meet a budget.</summary>
    /// <param name="submission">What is to be searched.</param>
    /// <param name="asked">The budget.</param>
    /// <param name="cancellation">Gives up waiting, not the search.</param>
    /// <param name="isPart">Whether it is a part of a job that counts already.</param>
    /// <returns>Whether this caused a search: not when the result is there already, nor when one of the same budget runs.</returns>
    /// <exception cref="BusyException">The search would be one too many.</exception>
    public async Task<bool> SubmitAsync(Submission submission, Budget asked, CancellationToken cancellation, bool isPart = false)
    {
        while (true)
        {
            var stored = await store.FindAsync(submission.Id, cancellation);
            if (stored is not null && asked.IsMetBy(stored)) return false;
            if (runner.TryReserve(submission.Id, out var job, isPart))
            {
                if (await TryQueueAsync(job, submission, asked)) return true;
            }
            else
            {
                await job.Queued.WaitAsync(cancellation);
                stored = await store.FindAsync(submission.Id, cancellation);
                // It ended in between, so that the next look decides.
                if (stored is not { IsUnfinished: true } || asked.IsMetBy(stored)) continue;
                var running = stored.Asked;
                if (running.Covers(asked)) return false;
                if (await store.RaiseAsync(stored.Id, running, running.With(asked), cancellation)) return true;
            }
        }
    }

    /// <summary>Waits until what is stored meets a budget, the search ends, the wait is over or the service stops.</summary>
    /// <returns>What is stored then; null when it is no longer there.</returns>
    public async Task<StoredSchedule?> WaitAsync(string id, Budget asked, TimeSpan wait, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var stored = await store.FindAsync(id, cancellation);
        // A search whose own budget is met ends at once; one that goes on for somebody else's is not waited for.
        while (stored is { IsUnfinished: true } && (!asked.IsMetBy(stored) || stored.Asked.IsMetBy(stored)))
        {
            var left = wait - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || IsStopping) break;
            stored = await NextRevisionAsync(stored, left, cancellation);
        }

        return stored;
    }

    /// <summary>What is stored after its next change, or unchanged after a time or when the service stops.</summary>
    /// <returns>What is stored; null when it is no longer there.</returns>
    public async Task<StoredSchedule?> NextRevisionAsync(StoredSchedule seen, TimeSpan most, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var change = runner.Find(seen.Id)?.NextChange ?? Task.Delay(Poll, time, cancellation);
            var stored = await store.FindAsync(seen.Id, cancellation);
            var left = most - time.GetElapsedTime(start);
            if (stored is null || stored.Version != seen.Version || left <= TimeSpan.Zero || IsStopping) return stored;
            await NextAsync(change, left, cancellation);
        }
    }

    /// <summary>The next change of a row, at most a time away.</summary>
    private async Task NextAsync(Task change, TimeSpan most, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        await Task.WhenAny(change, Task.Delay(most, time, ended.Token));
        await ended.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Queues anew what a row that cannot be trusted was for.</summary>
    public async Task RestartAsync(StoredSchedule bad, CancellationToken cancellation)
    {
        if (await store.RestartAsync(bad, cancellation) && runner.TryReserve(bad.Id, out var job)) runner.Start(job);
    }

    /// <summary>Stops a search and waits until its row says so.</summary>
    public async Task CancelAsync(string id, CancellationToken cancellation)
    {
        if (runner.Find(id) is not { } job) return;
        await job.Queued.WaitAsync(cancellation);
        job.Cancel();
        while (runner.Find(id) == job) await NextAsync(job.NextChange, Poll, cancellation);
    }

    private async Task<bool> TryQueueAsync(Job job, Submission submission, Budget asked)
    {
        try
        {
            // Not canceled with the request: what is in the table must have a search.
            var stored = await store.FindAsync(submission.Id, CancellationToken.None);
            if (stored is not null && asked.IsMetBy(stored))
            {
                runner.GiveUp(job);
                return false;
            }

            if (stored is not null)
                await store.RequeueAsync(stored.Id, stored.IsUnfinished ? stored.Asked.With(asked) : asked, CancellationToken.None);
            else if (!await store.InsertAsync(submission, asked, CancellationToken.None))
                throw new InvalidOperationException("The row came and went.");
        }
        catch
        {
            runner.GiveUp(job);
            throw;
        }

        runner.Start(job);
        return true;
    }
}
