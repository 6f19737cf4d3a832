using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ScheduleSearch.Api.Storage;

/// <summary>Lets <c>dotnet ef migrations add NAME --context SqliteSchedulesContext --output-dir Storage/Migrations/Sqlite</c> run without a database.</summary>
internal sealed class SqliteDesignTimeContext : IDesignTimeDbContextFactory<SqliteSchedulesContext>
{
    public SqliteSchedulesContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteSchedulesContext>().UseSqlite("Data Source=:memory:").Options);
}

/// <summary>Lets <c>dotnet ef migrations add NAME --context PostgresSchedulesContext --output-dir Storage/Migrations/Postgres</c> run without a database.</summary>
internal sealed class PostgresDesignTimeContext : IDesignTimeDbContextFactory<PostgresSchedulesContext>
{
    public PostgresSchedulesContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresSchedulesContext>().UseNpgsql("Host=localhost").Options);
}
