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
            attempt.ShouldBeLessThan(100, "the storage is there by now");
            await Task.Delay(100);
        }

        (await service.PostAsync("/schedules/solve", Requests.Solve())).Status.ShouldBe(200);
    }
}
