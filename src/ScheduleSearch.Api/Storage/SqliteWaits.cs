using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace ScheduleSearch.Api.Storage;

/// <summary>
/// Lets SQLite itself wait for its one writer, looking again after 1, 2, 5 … 100 ms. Microsoft.Data.Sqlite looks again after 150 ms each time
/// (github.com/aspnet/Microsoft.Data.Sqlite, pull request 499), which the slowest requests of a busy service would take.
/// </summary>
internal sealed class SqliteWaits : DbConnectionInterceptor
{
    public static readonly SqliteWaits Instance = new();

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set(connection);

    /// <inheritdoc/>
    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Set(connection);
        return Task.CompletedTask;
    }

    private static void Set(DbConnection connection) =>
        raw.sqlite3_busy_timeout(((SqliteConnection)connection).Handle, (int)Longest.TotalMilliseconds);
}
