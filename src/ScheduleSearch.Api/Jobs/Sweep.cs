using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Jobs;

/// <summary>
/// Calls workers for rows that wait without a ticket: at the start for what earlier processes left, later for rows whose process has ended and for
/// tickets that were lost with the queue or never offered.
/// </summary>
internal sealed class Sweep(
    ScheduleQueue queue, Tickets tickets, StorageStartup storage, IOptions<JobSettings> settings, TimeProvider time, ILogger<Sweep> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!settings.Value.IsWorker) return;
        await storage.Ready.WaitAsync(stoppingToken);
        while (true)
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Whatever the table or the queues fail with: rows would wait for ever if nobody swept.
                logger.LogWarning("The rows that wait could not be counted; trying again. {Reason}", StorageFault.ReasonOf(exception));
            }

            await Task.Delay(TimeSpan.FromSeconds(settings.Value.SweepSeconds), time, stoppingToken);
        }
    }

    private async Task SweepAsync(CancellationToken cancellation)
    {
        await queue.FreeAsync(cancellation);
        foreach (var lane in Enum.GetValues<Lane>())
        {
            var missing = await queue.CountWaitingAsync(lane, cancellation) - tickets.Count(lane);
            for (var ticket = 0; ticket < missing; ticket++) tickets.Offer(lane);
        }
    }
}
