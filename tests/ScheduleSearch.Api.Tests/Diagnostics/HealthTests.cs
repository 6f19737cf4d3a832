using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Diagnostics;

public sealed class HealthTests
{
    public static TheoryData<string> Databases => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_service_with_its_storage_is_alive_and_ready(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        (await service.GetAsync("/healthz")).Status.ShouldBe(200);
        (await service.GetAsync("/readyz")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Without_its_storage_a_service_is_alive_but_not_ready_and_says_when_to_try_again()
    {
        // Nothing listens on port 1.
        await using var service = new TestService("Host=127.0.0.1;Port=1;Username=x;Timeout=1", new StubSolver());
        (await service.GetAsync("/healthz")).Status.ShouldBe(200);
        Answer[] answers =
        [
            await service.GetAsync("/readyz"), await service.GetAsync("/schedules"), await service.GetAsync($"/schedules/{new string('0', 64)}"),
            await service.PostAsync("/schedules/solve", Requests.Solve()),
        ];
        foreach (var answer in answers)
        {
            answer.Status.ShouldBe(503, answer.Text);
            answer.MediaType.ShouldBe("application/problem+json");
            answer.Response.Headers.RetryAfter.ShouldNotBeNull();
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Without_a_table_or_without_being_written_a_storage_is_not_ready(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        await ShouldBecomeAsync(service, 200);
        foreach (var table in new[] { "readiness", "schedules" })
        {
            await ExecuteAsync(service, $"ALTER TABLE {table} RENAME TO gone");
            await ShouldBecomeAsync(service, 503);
            await ExecuteAsync(service, $"ALTER TABLE gone RENAME TO {table}");
            await ShouldBecomeAsync(service, 200);
        }
    }

    [Fact]
    public async Task A_disk_that_is_nearly_full_is_not_ready()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver(), ("Readiness:LeastFreeBytes", $"{long.MaxValue}"));
        (await service.GetAsync("/healthz")).Status.ShouldBe(200);
        var answer = await service.GetAsync("/readyz");
        answer.Status.ShouldBe(503, answer.Text);
        answer.Response.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_storage_that_comes_late_is_taken_up()
    {
        var folder = Directory.CreateTempSubdirectory("schedulesearch-").FullName;
        var file = Path.Combine(folder, "late.db");
        // A folder where the file should be: SQLite cannot open it.
        Directory.CreateDirectory(file);
        await using var service = new TestService($"Data Source={file};Pooling=False", new StubSolver());
        (await service.GetAsync("/readyz")).Status.ShouldBe(503);
        Directory.Delete(file);
        for (var attempt = 0; (await service.GetAsync("/readyz")).Status != 200; attempt++)
        {
            attempt.ShouldBeLessThan(600, "the storage is there by now");
            await Task.Delay(100);
        }

        (await service.PostAsync("/schedules/solve", Requests.Solve())).Status.ShouldBe(200);
    }

    private static async Task ExecuteAsync(TestService service, string sql)
    {
        await using var context = service.Services.GetRequiredService<Func<SchedulesContext>>()();
        await context.Database.ExecuteSqlRawAsync(sql);
    }

    /// <summary>What was found is true for a second.</summary>
    private static async Task ShouldBecomeAsync(TestService service, int status)
    {
        for (var attempt = 0; (await service.GetAsync("/readyz")).Status != status; attempt++)
        {
            attempt.ShouldBeLessThan(600);
            await Task.Delay(50);
        }
    }
}
