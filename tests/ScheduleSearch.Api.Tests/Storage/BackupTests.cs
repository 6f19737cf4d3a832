using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Npgsql;
using ScheduleSearch.Api.Tests.Hosting;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Solutions;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Storage;

/// <summary>A backup is made while the service works, as docs/service.md describes it, and a service goes on from it.</summary>
public sealed class BackupTests
{
    /// <summary>Microbatches of the problem whose search goes on until it is stopped.</summary>
    private const int Long = 30;

    public static TheoryData<string> Databases => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_service_goes_on_from_a_backup(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var copy = await TestDatabase.CreateAsync(kind);
        var known = new List<Answer>();
        string unfinished;
        await using (var service = new TestService(database.ConnectionString, new StubSolver { OnSearch = SearchAsync }, ("Leases:Seconds", "2")))
        {
            await service.ReadyAsync();
            for (var microbatches = 4; microbatches < 9; microbatches++)
                known.Add(await service.PostAsync("/schedules/solve", Requests.Solve(microbatches)));
            unfinished = (await service.PostAsync("/schedules/solve", Requests.Solve(Long), ("Prefer", "respond-async")))["id"]!.GetValue<string>();
            await service.WaitWhileAsync(unfinished, "queued");
            await CopyAsync(kind, database, copy);
            // What comes after the backup is not in it.
            await service.PostAsync("/schedules/solve", Requests.Solve(20, gap: 1));
        }

        await using var restored = new TestService(copy.ConnectionString, new StubSolver(), ("Leases:Seconds", "2"), ("Jobs:SweepSeconds", "0.5"));
        await restored.ReadyAsync();
        foreach (var (before, microbatches) in known.Select((answer, index) => (answer, index + 4)))
        {
            var after = await restored.PostAsync("/schedules/solve", Requests.Solve(microbatches));
            after["cached"]!.GetValue<bool>().ShouldBeTrue();
            after["makespan"]!.ToJsonString().ShouldBe(before["makespan"]!.ToJsonString());
            (await restored.PostAsync("/schedules/verify", new JsonObject { ["id"] = after["id"]!.DeepClone() }))["valid"]!
                .GetValue<bool>().ShouldBeTrue();
        }

        (await restored.GetAsync("/schedules"))["total"]!.GetValue<int>().ShouldBe(6);
        (await restored.WaitWhileAsync(unfinished, "queued", "running"))["status"]!.GetValue<string>().ShouldBe("feasible");
    }

    private static Task<Solution> SearchAsync(
        Problem problem, SolveOptions options, Solution known, Action<Solution> improved, CancellationToken cancellation) => problem.Microbatches == Long
        ? StubSolver.UntilStoppedAsync(problem, options, known, improved, cancellation)
        : StubSolver.BetterAsync(problem, options, known, improved, cancellation);

    private static async Task CopyAsync(string kind, TestDatabase from, TestDatabase to)
    {
        if (kind == TestDatabase.Sqlite)
        {
            await using var source = new SqliteConnection(from.ConnectionString);
            await using var target = new SqliteConnection(to.ConnectionString);
            await source.OpenAsync();
            await target.OpenAsync();
            source.BackupDatabase(target);
            return;
        }

        var folder = Directory.CreateTempSubdirectory("schedulesearch-").FullName;
        try
        {
            var file = Path.Combine(folder, "backup");
            await PostgresTool.RunAsync("pg_dump", from.ConnectionString, "--format=custom", $"--file={file}");
            await PostgresTool.RunAsync("pg_restore", to.ConnectionString, "--no-owner", "--exit-on-error", "--dbname", DatabaseOf(to), file);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string DatabaseOf(TestDatabase database) => new NpgsqlConnectionStringBuilder(database.ConnectionString).Database!;
}
