using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Storage;

/// <summary>Finds out whether the database has the tables and can be written, by doing both: once a second while it can, however often it is asked.</summary>
internal sealed class StorageProbe(
    Func<SchedulesContext> open, StorageSettings settings, IOptions<ReadinessSettings> readiness, TimeProvider time, ILogger<StorageProbe> logger) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _only = new(1);
    private DateTimeOffset _served = DateTimeOffset.MinValue;

    /// <summary>Whether schedules can be read and written.</summary>
    public async Task<bool> CanServeAsync(CancellationToken cancellation)
    {
        await _only.WaitAsync(cancellation);
        try
        {
            var now = time.GetUtcNow();
            if (now - _served <= Lifetime) return true;
            if (!await TryAsync(now.UtcDateTime, cancellation)) return false;
            _served = now;
            return true;
        }
        finally
        {
            _only.Release();
        }
    }

    public void Dispose() => _only.Dispose();

    private async Task<bool> TryAsync(DateTime now, CancellationToken cancellation)
    {
        try
        {
            // A small write finds room for itself in what the file has free, so that room for more is asked of the disk.
            if (FreeSpace() is { } free && free < readiness.Value.LeastFreeBytes)
            {
                logger.LogWarning("The disk of the database has {Bytes} bytes left.", free);
                return false;
            }

            await using var context = open();
            await context.Schedules.Select(row => row.Id).FirstOrDefaultAsync(cancellation);
            await WriteAsync(context, now, cancellation);
            return true;
        }
        catch (Exception exception) when (StorageFault.Is(exception) || exception is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The database cannot be read or written. {Reason}", StorageFault.ReasonOf(exception));
            return false;
        }
    }

    private static async Task WriteAsync(SchedulesContext context, DateTime now, CancellationToken cancellation)
    {
        if (await UpdateAsync()) return;
        context.Add(new ReadinessRow { Id = ReadinessRow.Only, WrittenAt = now });
        try
        {
            await context.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException) when (!cancellation.IsCancellationRequested)
        {
            // Another replica was first, or the database is at fault.
            if (!await UpdateAsync()) throw;
        }

        async Task<bool> UpdateAsync() => await context.Readiness.Where(row => row.Id == ReadinessRow.Only)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.WrittenAt, now), cancellation) == 1;
    }

    private long? FreeSpace() => settings.IsSqlite
        ? new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(new SqliteConnectionStringBuilder(settings.ConnectionString).DataSource))!).AvailableFreeSpace
        : null;
}
