using Microsoft.EntityFrameworkCore;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Storage;

/// <summary>
/// Brings the database to the present schema. While the database is absent the service lives and answers 503; the schema follows as soon
/// as the database is there.
/// </summary>
internal sealed class StorageStartup(
    Func<SchedulesContext> open, StorageSettings settings, StorageProbe probe, TimeProvider time, ILogger<StorageStartup> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the schema is there.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Whether the storage has the present schema, and can be read and written.</summary>
    public async Task<bool> CanServeAsync(CancellationToken cancellation) => Ready.IsCompletedSuccessfully && await probe.CanServeAsync(cancellation);

    /// <summary>Brings the database to the present schema.</summary>
    public async Task MigrateAsync(CancellationToken cancellation)
    {
        await using var context = open();
        if (settings.IsSqlite) await MigrateSqliteAsync(context, cancellation);
        else await context.Database.MigrateAsync(cancellation);
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        // Where the database is there, the first request finds the schema.
        await Task.WhenAny(_tried.Task, Task.Delay(Patience, time, cancellationToken));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryMigrateAsync(stoppingToken))
        {
            _tried.TrySetResult();
            await Task.Delay(Pause, time, stoppingToken);
        }

        _ready.SetResult();
        _tried.TrySetResult();
    }

    private async Task<bool> TryMigrateAsync(CancellationToken cancellation)
    {
        try
        {
            await MigrateAsync(cancellation);
            return true;
        }
        catch (Exception exception) when (StorageFault.Is(exception) || exception is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The database cannot be reached; trying again. {Reason}", StorageFault.ReasonOf(exception));
            return false;
        }
    }

    private async Task MigrateSqliteAsync(SchedulesContext context, CancellationToken cancellation)
    {
        using var only = await SqliteMigrationLock.AcquireAsync(settings.ConnectionString, time, cancellation);
        await SqliteMigrationLock.DropAbandonedAsync(context, cancellation);
        await context.Database.MigrateAsync(cancellation);
        // Readers and the one writer do not wait for each other; the mode stays with the file.
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellation);
    }
}
