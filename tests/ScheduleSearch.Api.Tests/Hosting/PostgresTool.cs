using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Shouldly;

namespace ScheduleSearch.Api.Tests.Hosting;

/// <summary>Postgres's own programs, those of the newest version that Debian has installed.</summary>
internal static class PostgresTool
{
    /// <summary>Runs one on a database to its end, which must be a good one.</summary>
    public static async Task RunAsync(string program, string connectionString, params string[] args)
    {
        var folder = Directory.GetDirectories("/usr/lib/postgresql").MaxBy(name => int.Parse(Path.GetFileName(name), CultureInfo.InvariantCulture))!;
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo(Path.Combine(folder, "bin", program), args) { RedirectStandardError = true };
        start.Environment["PGHOST"] = connection.Host;
        start.Environment["PGPORT"] = $"{connection.Port}";
        start.Environment["PGUSER"] = connection.Username;
        start.Environment["PGPASSWORD"] = connection.Password;
        start.Environment["PGDATABASE"] = connection.Database;
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        process.ExitCode.ShouldBe(0, error);
    }
}
