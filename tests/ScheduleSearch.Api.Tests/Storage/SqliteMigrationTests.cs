using Microsoft.Data.Sqlite;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Storage;

public sealed class SqliteMigrationTests
{
    [Fact]
    public async Task A_migration_whose_process_was_killed_does_not_hold_up_the_next_start()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var connection = new SqliteConnection(database.ConnectionString))
        {
            await connection.OpenAsync();
            await using var left = connection.CreateCommand();
            left.CommandText = """
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00.0000000+00:00');
                """;
            await left.ExecuteNonQueryAsync();
        }

        await using var service = new TestService(database.ConnectionString, new StubSolver());
        (await service.GetAsync("/readyz")).Status.ShouldBe(200);
        (await service.PostAsync("/schedules/solve", Requests.Solve())).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_migration_waits_for_another_process_that_migrates()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var other = await SqliteMigrationLock.AcquireAsync(database.ConnectionString, TimeProvider.System, default);
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        (await service.GetAsync("/readyz")).Status.ShouldBe(503);
        (await service.GetAsync("/healthz")).Status.ShouldBe(200);
        other.Dispose();
        for (var attempt = 0; (await service.GetAsync("/readyz")).Status != 200; attempt++)
        {
            attempt.ShouldBeLessThan(100, "nobody holds the lock by now");
            await Task.Delay(100);
        }
    }
}
