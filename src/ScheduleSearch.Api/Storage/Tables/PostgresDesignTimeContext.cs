using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>
/// Lets <c>dotnet ef migrations add NAME --context PostgresSchedulesContext --output-dir Storage/Tables/Migrations/Postgres</c> run without a database.
/// </summary>
internal sealed class PostgresDesignTimeContext : IDesignTimeDbContextFactory<PostgresSchedulesContext>
{
    public PostgresSchedulesContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresSchedulesContext>().UseNpgsql("Host=localhost").Options);
}
