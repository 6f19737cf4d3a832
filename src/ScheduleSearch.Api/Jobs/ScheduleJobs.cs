using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Jobs;

/// <summary>What requests ask of the searches: to have a problem searched once, however many ask, and to wait for it.</summary>
internal sealed class ScheduleJobs(
    ScheduleStore store, JobRunner runner, IHostApplicationLifetime lifetime, TimeProvider time, IOptions<JobSettings> settings)
{
    /// <summary>How often a row is read whose search runs in no task of this process.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(0.5);

    /// <summary>Whether the service stops, so that nobody should wait any longer.</summary>
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>The longest that a request waits for a search of a time limit.</summary>
    public TimeSpan WaitFor(SolveOptions options) => TimeSpan.FromSeconds(options.TimeLimitSeconds + settings.Value.GraceSeconds);

    /// <summary>Sees to it that what is stored will meet a budget.</summary>
    /// <param name="request">The problem.</param>
    /// <param name="asked">The budget.</param>
    /// <param name="cancellation">Gives up waiting, not the search.</param>
    /// <param name="isPart">Whether it is a part of a search that counts already.</param>
    /// <returns>Whether this caused a search: not when the result is there already, nor when one of the same budget runs.</returns>
    /// <exception cref="BusyException">The search would be one too many.</exception>
    public async Task<bool> SubmitAsync(StoredRequest request, Budget asked, CancellationToken cancellation, bool isPart = false)
    {
        while (true)
        {
            var row = await store.FindAsync(request.Id, cancellation);
            if (row is not null && asked.IsMetBy(row)) return false;
            if (runner.TryReserve(request.Id, out var job, isPart))
            {
                if (await TryQueueAsync(job, request, asked)) return true;
            }
            else
            {
                await job.Queued.WaitAsync(cancellation);
                row = await store.FindAsync(request.Id, cancellation);
                // It ended in between, so that the next look decides.
                if (row is not { IsUnfinished: true } || asked.IsMetBy(row)) continue;
                var running = Budget.Of(row);
                if (running.Covers(asked)) return false;
                if (await store.RaiseAsync(row.Id, running, running.With(asked), cancellation)) return true;
            }
        }
    }

    /// <summary>Waits until what is stored meets a budget, the search ends, the wait is over or the service stops.</summary>
    /// <returns>The row as it is then; null when it is no longer there.</returns>
    public async Task<ScheduleRow?> WaitAsync(string id, Budget asked, TimeSpan wait, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var row = await store.FindAsync(id, cancellation);
        // A search whose own budget is met ends at once; one that goes on for somebody else's is not waited for.
        while (row is { IsUnfinished: true } && (!asked.IsMetBy(row) || Budget.Of(row).IsMetBy(row)))
        {
            var left = wait - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || IsStopping) break;
            row = await NextRevisionAsync(row, left, cancellation);
        }

        return row;
    }

    /// <summary>A row after its next change, or unchanged after a time or when the service stops.</summary>
    /// <returns>The row; null when it is no longer there.</returns>
    public async Task<ScheduleRow?> NextRevisionAsync(ScheduleRow seen, TimeSpan most, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var change = runner.Find(seen.Id)?.NextChange ?? Task.Delay(Poll, time, cancellation);
            var row = await store.FindAsync(seen.Id, cancellation);
            var left = most - time.GetElapsedTime(start);
            if (row is null || row.Revision != seen.Revision || row.CreatedAt != seen.CreatedAt || left <= TimeSpan.Zero || IsStopping) return row;
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

    /// <summary>Queues the problem of a row that cannot be trusted anew.</summary>
    public async Task RestartAsync(ScheduleRow bad, CancellationToken cancellation)
    {
        if (await store.RestartAsync(bad, cancellation) && runner.TryReserve(bad.Id, out var job)) runner.Start(job);
    }

    /// <summary>Stops the search of a problem and waits until its row says so.</summary>
    public async Task CancelAsync(string id, CancellationToken cancellation)
    {
        if (runner.Find(id) is not { } job) return;
        await job.Queued.WaitAsync(cancellation);
        job.Cancel();
        while (runner.Find(id) == job) await NextAsync(job.NextChange, Poll, cancellation);
    }

    private async Task<bool> TryQueueAsync(SearchJob job, StoredRequest request, Budget asked)
    {
        try
        {
            // Not canceled with the request: what is in the table must have a search.
            var row = await store.FindAsync(request.Id, CancellationToken.None);
            if (row is not null && asked.IsMetBy(row))
            {
                runner.GiveUp(job);
                return false;
            }

            if (row is not null)
                await store.RequeueAsync(row.Id, row.IsUnfinished ? Budget.Of(row).With(asked) : asked, CancellationToken.None);
            else if (!await store.InsertAsync(request, asked, CancellationToken.None))
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
