using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>
/// Lets <c>dotnet ef migrations add NAME --context SqliteSchedulesContext --output-dir Storage/Tables/Migrations/Sqlite</c> run without a database.
/// </summary>
internal sealed class SqliteDesignTimeContext : IDesignTimeDbContextFactory<SqliteSchedulesContext>
{
    public SqliteSchedulesContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteSchedulesContext>().UseSqlite("Data Source=:memory:").Options);
}
