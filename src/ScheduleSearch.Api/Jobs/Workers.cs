using Hangfire;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Jobs;

/// <summary>The workers of this process: a fixed number for each lane, so that none waits for what another lane does.</summary>
internal sealed class Workers(
    IServiceProvider services, StorageStartup storage, IOptions<JobSettings> settings, TimeProvider time, ILogger<Workers> logger) : BackgroundService
{
    private readonly List<BackgroundJobServer> _servers = [];
    private readonly Lock _guard = new();
    private Task? _stopped;

    /// <inheritdoc/>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        // A host may be asked to stop again while it does: what the workers need is there until the first stop is over.
        lock (_guard) return _stopped ??= StopAllAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await storage.Ready.WaitAsync(stoppingToken);
        // Before the first ticket, which would wait for the queues' tables to be looked at.
        await StorageFault.OutlastAsync(() => Task.FromResult(services.GetRequiredService<JobStorage>()), time, logger, stoppingToken);
        if (!settings.Value.IsWorker) return;
        foreach (var lane in Enum.GetValues<Lane>())
            _servers.Add(await StorageFault.OutlastAsync(() => Task.FromResult(Open(lane)), time, logger, stoppingToken));
    }

    private async Task StopAllAsync(CancellationToken cancellation)
    {
        await base.StopAsync(cancellation);
        foreach (var server in _servers) server.SendStop();
        await Task.WhenAll(_servers.Select(server => server.WaitForShutdownAsync(cancellation))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var server in _servers) server.Dispose();
    }

    private BackgroundJobServer Open(Lane lane) => new(
        new BackgroundJobServerOptions
        {
            ServerName = $"{Environment.MachineName}:{Environment.ProcessId}:{lane}",
            Queues = [Tickets.QueueOf(lane)],
            WorkerCount = lane switch
            {
                Lane.Quick => settings.Value.QuickPasses,
                Lane.Search => settings.Value.Searches,
                _ => settings.Value.Choices,
            },
            Activator = services.GetRequiredService<JobActivator>(),
            // One of the servers looks after what they share.
            IsLightweightServer = lane != Lane.Search,
            // A ticket that is drawn is carried out to its end, which the service's own stop brings about.
            ShutdownTimeout = TimeSpan.FromSeconds(10),
        },
        services.GetRequiredService<JobStorage>());
}
