using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Jobs;

/// <summary>Renews the leases of this process's attempts and tells them what the table says of their rows.</summary>
internal sealed class LeaseKeeper(
    ScheduleQueue queue, ScheduleWatch watch, IOptions<LeaseSettings> leases, IOptions<JobSettings> jobs, TimeProvider time, ILogger<LeaseKeeper> logger)
{
    /// <summary>How often an attempt looks at its row when it is not told of a change.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Least time between two looks, however often the row changes.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(0.2);

    private readonly ConcurrentDictionary<Lease, StoredSchedule> _kept = new();

    /// <summary>Keeps a row that this process has taken, until the lease is disposed of.</summary>
    public Lease Keep(StoredSchedule stored, CancellationToken stopping) => new(stored, (lease, closed) => KeepAsync(lease, stored, closed), time, stopping);

    private async Task KeepAsync(Lease lease, StoredSchedule stored, CancellationToken closed)
    {
        _kept[lease] = stored;
        try
        {
            await RenewAsync(lease, stored, closed);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.LogError(exception, "The lease of a search is kept no longer, by a defect.");
            lease.End(Ending.Lost);
        }
        finally
        {
            _kept.TryRemove(lease, out _);
        }
    }

    private async Task RenewAsync(Lease lease, StoredSchedule stored, CancellationToken closed)
    {
        using var watched = watch.Open(stored.Id, () => false);
        var (period, renewed) = (TimeSpan.FromSeconds(leases.Value.Seconds / 4), time.GetTimestamp());
        while (!closed.IsCancellationRequested)
        {
            var change = watched.Next;
            try
            {
                var renew = time.GetElapsedTime(renewed) >= period;
                if (renew) renewed = time.GetTimestamp();
                var state = renew ? await queue.RenewAsync(stored, lease.Spent, closed) : await queue.LookAsync(stored, closed);
                lease.IsWaitedFor = state.IsWaitedFor;
                if (!state.IsHeld) lease.End(Ending.Lost);
                else if (state.IsStopRequested) lease.End(Ending.Stopped);
                else if (await IsTurnOverAsync(lease, stored, closed)) lease.End(Ending.TurnOver);
            }
            catch (Exception exception) when (StorageFault.Is(exception))
            {
                // The search goes on: whether the row is still its own shows when the database is back.
                logger.LogDebug(exception, "The lease could not be renewed.");
            }

            await Task.Delay(Least, time, closed);
            await Task.WhenAny(change, Task.Delay(Look - Least, time, closed));
        }
    }

    private async Task<bool> IsTurnOverAsync(Lease lease, StoredSchedule stored, CancellationToken closed) =>
        lease.Searched is { } searched
        && searched >= TimeSpan.FromSeconds(jobs.Value.TurnSeconds)
        && !_kept.Any(other => other.Key.Searched is not null && other.Key.Ending == Ending.None && IsAfter(other.Key, other.Value, lease, stored))
        && await queue.IsEarlierWaitingAsync(stored, lease.IsWaitedFor, closed);

    /// <summary>Whether a search of this process would give way before another one: of several, one makes room for one that waits.</summary>
    private static bool IsAfter(Lease lease, StoredSchedule stored, Lease otherLease, StoredSchedule other) =>
        lease.IsWaitedFor == otherLease.IsWaitedFor ? stored.Due > other.Due : otherLease.IsWaitedFor;
}
