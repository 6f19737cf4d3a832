using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Callbacks;

/// <summary>
/// Sends what is due, to every host at its own pace, and again after longer and longer pauses until it arrives or is given up. Processes that share a database
/// share the work: an attempt belongs to the process that began it.
/// </summary>
internal sealed class CallbackDelivery(
    CallbackPolicy policy, CallbackStore store, CallbackOutcomes outcomes, CallbackSender sender, StorageStartup storage, IOptions<CallbackSettings> settings,
    IOptions<JobSettings> roles, TimeProvider time, ILogger<CallbackDelivery> logger) : BackgroundService
{
    private const int MostToHost = 4;
    private const int MostHosts = 16;
    private const double JitterPart = 0.2;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(0.5);

    /// <summary>How much longer than its time limit an attempt may take before another process may begin the next.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, Task> _hosts = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!policy.IsOn || !roles.Value.IsApi) return;
        await storage.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Poll, time);
        try
        {
            do await RoundAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        finally
        {
            await Task.WhenAll(_hosts.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RoundAsync(CancellationToken stopping)
    {
        try
        {
            await outcomes.MakeAsync(stopping);
            await store.DropOrphansAsync(stopping);
            foreach (var host in (await store.DueAsync([.. _hosts.Keys], stopping)).GroupBy(row => row.Host).Take(MostHosts - _hosts.Count))
            {
                var sending = new Task<Task>(() => SendAllAsync(host.Key, [.. host], stopping));
                _hosts[host.Key] = sending.Unwrap();
                sending.Start(TaskScheduler.Default);
            }
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            if (StorageFault.Is(exception)) logger.LogWarning("Callbacks wait for the database. {Reason}", StorageFault.ReasonOf(exception));
            else logger.LogError(exception, "A round of callbacks failed by a defect.");
        }
    }

    private async Task SendAllAsync(string host, IReadOnlyList<CallbackRow> rows, CancellationToken stopping)
    {
        try
        {
            await Parallel.ForEachAsync(
                rows,
                new ParallelOptions { MaxDegreeOfParallelism = MostToHost, CancellationToken = stopping },
                async (row, _) => await SendAsync(row, stopping));
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            // What was begun is due again when its time is over.
            if (StorageFault.Is(exception)) logger.LogWarning("Callbacks wait for the database. {Reason}", StorageFault.ReasonOf(exception));
            else logger.LogError(exception, "Callbacks failed by a defect.");
        }
        finally
        {
            _hosts.TryRemove(host, out _);
        }
    }

    private async Task SendAsync(CallbackRow row, CancellationToken stopping)
    {
        if (!await store.TryBeginAsync(row, TimeSpan.FromSeconds(settings.Value.TimeoutSeconds) + Margin, stopping)) return;
        if (await sender.SendAsync(row, stopping) is not var (reason, isFinal))
        {
            await store.DropAsync(row.Id, CancellationToken.None);
            return;
        }

        var attempts = row.Attempts + 1;
        var age = time.GetUtcNow().UtcDateTime - row.EndedAt!.Value;
        if (isFinal || attempts >= settings.Value.MaxAttempts || age.TotalHours >= settings.Value.MaxAgeHours)
        {
            logger.LogWarning(
                "The callback {Callback} of {Id} to {Host} is given up after {Attempts} attempts. {Reason}",
                row.Id,
                row.ScheduleId,
                row.Host,
                attempts,
                reason);
            await store.DropAsync(row.Id, CancellationToken.None);
            return;
        }

        if (logger.IsEnabled(LogLevel.Information))
            logger.LogInformation("The callback {Callback} of {Id} to {Host} failed and is tried again. {Reason}", row.Id, row.ScheduleId, row.Host, reason);
        await store.PostponeAsync(row.Id, PauseAfter(attempts), CancellationToken.None);
    }

    /// <summary>Twice as long after each attempt, a little more or less, so that receivers which were away are not called by all at once.</summary>
    private TimeSpan PauseAfter(int attempts)
    {
        var pause = Math.Min(settings.Value.LongestPauseSeconds, settings.Value.FirstPauseSeconds * Math.Pow(2, attempts - 1));
        return TimeSpan.FromSeconds(pause * (1 + JitterPart * (2 * Random.Shared.NextDouble() - 1)));
    }
}
