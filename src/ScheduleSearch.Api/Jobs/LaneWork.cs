using System.Diagnostics;
using Hangfire;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Telemetry;

namespace ScheduleSearch.Api.Jobs;

/// <summary>What a worker does with a ticket: it takes the row whose turn it is and carries out an attempt at it.</summary>
internal sealed class LaneWork(
    ScheduleQueue queue, LeaseKeeper leases, QuickAttempt quick, SearchAttempt searches, ChoiceAttempt choices, Tickets tickets,
    IHostApplicationLifetime lifetime, TimeProvider time, ILogger<LaneWork> logger)
{
    /// <summary>A problem that ends the process that searches it is given up after so many.</summary>
    private const int MostDeaths = 3;

    /// <summary>Carries out one attempt in a lane, if a row waits there.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="workerStops">Canceled when the worker stops, after the service began to.</param>
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
    [JobDisplayName("The next turn in the lane {0}")]
    [KeptBriefly]
    public Task RunAsync(Lane lane, CancellationToken workerStops) =>
        Task.Run(() => TurnAsync(lane, lifetime.ApplicationStopping, workerStops), CancellationToken.None);

    private async Task TurnAsync(Lane lane, CancellationToken stopping, CancellationToken workerStops)
    {
        // A worker that is stopped leaves its ticket to another process.
        if (stopping.IsCancellationRequested) await Task.Delay(Timeout.Infinite, workerStops);
        StoredSchedule? stored = null;
        try
        {
            stored = await OutlastAsync(() => queue.TakeAsync(lane, stopping), stopping);
            if (stored is not null) await AttemptAsync(stored, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The row is given back below, and another process goes on with it.
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "The attempt at {Id} ended by a defect.", stored?.Id);
        }

        if (stored is not null) await GiveBackAsync(stored);
    }

    private async Task AttemptAsync(StoredSchedule stored, CancellationToken stopping)
    {
        // What an attempt does belongs to the request that asked for it, wherever that was answered.
        using var span = TelemetryNames.Spans.StartActivity("attempt", ActivityKind.Consumer, stored.Trace);
        using var scope = logger.BeginSchedule(stored.Id);
        if (stored.Deaths >= MostDeaths)
        {
            logger.LogError("{Id} is given up: {Deaths} processes ended while they searched it.", stored.Id, stored.Deaths);
            var (status, failure) = stored.Result.ObjectiveTicks is null
                ? (ScheduleStatus.Failed, $"The search was given up: its process ended {stored.Deaths} times.")
                : (stored.Reached, (string?)null);
            await OutlastAsync(() => queue.LeaveAsync(stored, status, failure, stopping), stopping);
            return;
        }

        await using var lease = leases.Keep(stored, stopping);
        await stored.Match(
            problem => problem.Lane == Lane.Quick ? quick.RunAsync(problem, lease, stopping) : searches.RunAsync(problem, lease, stopping),
            choice => choices.RunAsync(choice, lease, stopping));
    }

    /// <summary>Whatever the attempt left unfinished goes on in the lane where it waits now.</summary>
    private async Task GiveBackAsync(StoredSchedule stored)
    {
        var isReleased = await OutlastAsync(() => queue.ReleaseAsync(stored, CancellationToken.None), CancellationToken.None);
        if (isReleased) tickets.Offer(stored.Lane);
    }

    private Task<T> OutlastAsync<T>(Func<Task<T>> action, CancellationToken cancellation) =>
        StorageFault.OutlastAsync(action, time, logger, cancellation);
}
