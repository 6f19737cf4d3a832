using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Retention;

/// <summary>Deletes what the settings say, again and again. Several processes may do it at the same time.</summary>
internal sealed class RetentionService(
    Pruning pruning, StorageStartup storage, IOptions<RetentionSettings> settings, IOptions<JobSettings> roles, TimeProvider time,
    ILogger<RetentionService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Value.Rule is not { } rule || !roles.Value.IsApi) return;
        await storage.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(settings.Value.EveryMinutes), time);
        do await PruneAsync(rule, stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task PruneAsync(PruneRule rule, CancellationToken stopping)
    {
        try
        {
            var report = await pruning.RunAsync(rule, isDry: false, stopping);
            if (report is not { Schedules: 0, Batches: 0 } && logger.IsEnabled(LogLevel.Information))
                logger.LogInformation("{Schedules} schedules and {Batches} batches were old and are deleted.", report.Schedules, report.Batches);
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            if (StorageFault.Is(exception)) logger.LogWarning("Nothing is deleted while the database is away. {Reason}", StorageFault.ReasonOf(exception));
            else logger.LogError(exception, "Deleting what is old failed by a defect.");
        }
    }
}
