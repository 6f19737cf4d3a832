using Npgsql;

namespace ScheduleSearch.Api.Storage;

/// <summary>Hears from Postgres of every row that changes, whichever process changes it: the table's trigger tells the ids.</summary>
internal sealed class PostgresChanges(
    StorageSettings settings, StorageStartup storage, RowChanges changes, TimeProvider time, ILogger<PostgresChanges> logger) : BackgroundService
{
    /// <summary>The channel on which the trigger tells ids.</summary>
    public const string Channel = "schedulesearch_schedules";

    private const int KeepAliveSeconds = 10;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.IsSqlite) return;
        await storage.Ready.WaitAsync(stoppingToken);
        while (true)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception exception) when (StorageFault.Is(exception))
            {
                logger.LogDebug(exception, "Postgres tells of no changes; they are looked for instead.");
            }
            finally
            {
                changes.IsToldByDatabase = false;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken);
        }
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        // A connection of its own, which notices by itself when the server is gone.
        var builder = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false, KeepAlive = KeepAliveSeconds };
        await using var connection = new NpgsqlConnection(builder.ConnectionString);
        connection.Notification += (_, told) => changes.Tell(told.Payload);
        await connection.OpenAsync(cancellation);
        await using (var command = new NpgsqlCommand($"LISTEN {Channel}", connection)) await command.ExecuteNonQueryAsync(cancellation);
        changes.IsToldByDatabase = true;
        // Whatever changed until now was not told.
        changes.Tell(null);
        while (true) await connection.WaitAsync(cancellation);
    }
}
