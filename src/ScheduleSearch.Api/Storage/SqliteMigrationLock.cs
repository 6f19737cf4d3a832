using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Storage;

/// <summary>
/// Lets one process at a time migrate a SQLite file. Entity Framework's own lock is a row in the file, which a process killed while it
/// migrates leaves behind, so that every later start would wait for ever. This one is the operating system's lock on a file beside the
/// database, which ends with its process: whoever holds it may drop such a row.
/// </summary>
internal static class SqliteMigrationLock
{
    private const string Suffix = "-migration";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for the lock of a database; disposing releases it.</summary>
    public static async Task<IDisposable> AcquireAsync(string connectionString, TimeProvider time, CancellationToken cancellation)
    {
        var path = new SqliteConnectionStringBuilder(connectionString).DataSource + Suffix;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }

    /// <summary>Drops the row of a migration whose process is gone. Only for who holds the lock.</summary>
    public static async Task DropAbandonedAsync(SchedulesContext context, CancellationToken cancellation)
    {
        var tables = await context.Database
            .SqlQueryRaw<int>("SELECT COUNT(*) AS Value FROM sqlite_master WHERE type = 'table' AND name = '__EFMigrationsLock'")
            .SingleAsync(cancellation);
        if (tables > 0) await context.Database.ExecuteSqlRawAsync("DELETE FROM \"__EFMigrationsLock\"", cancellation);
    }
}
