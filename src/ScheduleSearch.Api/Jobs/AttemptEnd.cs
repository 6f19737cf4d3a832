using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Jobs;

/// <summary>How attempts leave their rows.</summary>
internal sealed class AttemptEnd(ScheduleQueue queue, Tickets tickets, TimeProvider time, ILogger<AttemptEnd> logger)
{
    /// <summary>Carries out an attempt, and leaves the row as its end demands: what is unfinished then goes on in another attempt.</summary>
    /// <param name="stored">The row.</param>
    /// <param name="lease">The hold on it.</param>
    /// <param name="attempt">The attempt; whether it has done all that its budget asks for.</param>
    /// <param name="stopping">Canceled when the service stops.</param>
    public async Task OfAsync(StoredSchedule stored, Lease lease, Func<Task<bool>> attempt, CancellationToken stopping)
    {
        try
        {
            if (await attempt()) await LeaveAsync(stored, stored.Reached, null, stopping);
        }
        catch (OperationCanceledException) when (lease.Ending == Ending.Stopped)
        {
            await LeaveAsync(stored, stored.Result.ObjectiveTicks is null ? ScheduleStatus.Canceled : stored.Reached, null, stopping);
        }
        catch (OperationCanceledException) when (lease.Ending != Ending.None)
        {
            // Another attempt goes on, here or elsewhere.
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !StorageFault.Is(exception))
        {
            logger.LogError(exception, "The search of {Id} failed.", stored.Id);
            await LeaveAsync(stored, ScheduleStatus.Failed, "The solver failed on this problem; the server's log says how.", stopping);
        }
    }

    /// <summary>Stores a state, waiting for the database when it is away.</summary>
    public Task<bool> LeaveAsync(StoredSchedule stored, string status, string? failure, CancellationToken cancellation) =>
        StorageFault.OutlastAsync(() => queue.LeaveAsync(stored, status, failure, cancellation), time, logger, cancellation);

    /// <summary>Drops a row that cannot be trusted; what was submitted waits again.</summary>
    public async Task RestartAsync(StoredSchedule stored, CancellationToken cancellation)
    {
        if (await StorageFault.OutlastAsync(() => queue.RestartAsync(stored, cancellation), time, logger, cancellation)) tickets.Offer(stored.FirstLane);
    }
}
