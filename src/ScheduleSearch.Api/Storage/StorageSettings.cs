using Microsoft.Data.Sqlite;

namespace ScheduleSearch.Api.Storage;

/// <summary>Where schedules are kept.</summary>
/// <param name="ConnectionString">A connection string of SQLite (<c>Data Source=...</c>) or Postgres (<c>Host=...</c>).</param>
/// <param name="IsSqlite">Whether it is SQLite's.</param>
internal sealed record StorageSettings(string ConnectionString, bool IsSqlite)
{
    private const string DefaultFile = "data/schedulesearch.db";

    /// <summary>
    /// From <c>ConnectionStrings:Schedules</c>, else the environment variable SCHEDULESEARCH_DATABASE, else a SQLite file in a folder
    /// <c>data</c> under the content root.
    /// </summary>
    public static StorageSettings Of(IConfiguration configuration, string contentRoot)
    {
        var given = configuration.GetConnectionString("Schedules");
        if (string.IsNullOrWhiteSpace(given)) given = configuration["SCHEDULESEARCH_DATABASE"];
        if (string.IsNullOrWhiteSpace(given)) given = $"Data Source={DefaultFile}";
        return IsOfSqlite(given) ? new(Absolute(given, contentRoot), IsSqlite: true) : new(given, IsSqlite: false);
    }

    private static bool IsOfSqlite(string connectionString)
    {
        try
        {
            return new SqliteConnectionStringBuilder(connectionString).DataSource.Length > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>A relative file is meant from the content root, and its folder is made.</summary>
    private static string Absolute(string connectionString, string contentRoot)
    {
        var builder = new SqliteConnectionStringBuilder(connectionString);
        builder.DataSource = Path.GetFullPath(builder.DataSource, contentRoot);
        Directory.CreateDirectory(Path.GetDirectoryName(builder.DataSource)!);
        return builder.ConnectionString;
    }
}
