using Npgsql;
using Xunit;

namespace ScheduleSearch.Api.Tests.Hosting;

/// <summary>A database of its own for one test, of either kind.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";
    private const string Variable = "SCHEDULESEARCH_TEST_POSTGRES";

    private readonly Func<ValueTask> _drop;

    private TestDatabase(string connectionString, Func<ValueTask> drop) => (ConnectionString, _drop) = (connectionString, drop);

    /// <summary>
    /// Both kinds; Postgres only where an admin connection string stands in the environment. Continuous integration must have one: there
    /// its tests fail rather than stay away.
    /// </summary>
    public static TheoryData<string> Kinds =>
        AdminConnection is null && Environment.GetEnvironmentVariable("CI") is null ? [Sqlite] : [Sqlite, Postgres];

    public string ConnectionString { get; }

    private static string? AdminConnection => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } admin ? admin : null;

    public static async Task<TestDatabase> CreateAsync(string kind = Sqlite) => kind == Sqlite ? CreateSqlite() : await CreatePostgresAsync();

    public ValueTask DisposeAsync() => _drop();

    private static TestDatabase CreateSqlite()
    {
        var folder = Directory.CreateTempSubdirectory("schedulesearch-").FullName;
        return new($"Data Source={Path.Combine(folder, "test.db")};Pooling=False", () =>
        {
            Directory.Delete(folder, recursive: true);
            return ValueTask.CompletedTask;
        });
    }

    private static async Task<TestDatabase> CreatePostgresAsync()
    {
        var admin = AdminConnection ?? throw new InvalidOperationException($"Set {Variable} to an admin connection string of a Postgres server.");
        var name = $"test_{Guid.NewGuid():N}";
        await ExecuteAsync(admin, $"CREATE DATABASE {name}");
        var connection = new NpgsqlConnectionStringBuilder(admin) { Database = name, Pooling = true, MaxPoolSize = 20 }.ConnectionString;
        return new(connection, async () => await ExecuteAsync(admin, $"DROP DATABASE {name} WITH (FORCE)"));
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
