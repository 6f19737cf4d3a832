using System.Diagnostics;
using Npgsql;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Faults;

public sealed class LostStorageTests
{
    [Fact]
    public async Task Requests_are_answered_503_while_Postgres_is_away_and_no_search_is_lost()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.Postgres);
        var direct = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        using var proxy = new Proxy(direct.Host!, direct.Port);
        var through = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port, Timeout = 2, CommandTimeout = 2 };
        var release = new TaskCompletionSource();
        var solver = new StubSolver
        {
            OnSearch = async (problem, options, known, improved, cancellation) =>
            {
                await release.Task;
                return await StubSolver.BetterAsync(problem, options, known, improved, cancellation);
            },
        };
        await using var service = new TestService(through.ConnectionString, solver);
        var id = (await service.PostAsync("/schedules/solve", Requests.Solve(), ("Prefer", "respond-async")))["id"]!.GetValue<string>();
        await service.WaitWhileAsync(id, "queued");

        proxy.Cut();
        release.SetResult();
        Answer[] answers = [await service.GetAsync($"/schedules/{id}"), await service.PostAsync("/schedules/solve", Requests.Solve(microbatches: 9))];
        foreach (var answer in answers)
        {
            answer.Status.ShouldBe(503, answer.Text);
            answer.Response.Headers.RetryAfter.ShouldNotBeNull();
        }

        (await service.GetAsync("/healthz")).Status.ShouldBe(200);
        (await service.GetAsync("/readyz")).Status.ShouldBe(503);

        proxy.Restore();
        var clock = Stopwatch.StartNew();
        for (var attempt = 0; (await service.GetAsync("/readyz")).Status != 200; attempt++)
        {
            attempt.ShouldBeLessThan(100, "the database is back by now");
            await Task.Delay(100);
        }

        var ready = clock.Elapsed;
        var ended = await service.WaitWhileAsync(id, "queued", "running");
        LongRun.Print(
            "Postgres cut off while a search had something to store: requests answered 503 with Retry-After, /healthz 200, /readyz 503; back again, "
            + $"ready after {ready.TotalSeconds:0.0} s, the result stored after {clock.Elapsed.TotalSeconds:0.0} s, without another search.");
        ended["method"]!.GetValue<string>().ShouldNotBe("sequential");
        solver.Searches.ShouldBe(1);
        (await service.PostAsync("/schedules/solve", Requests.Solve(microbatches: 9))).Status.ShouldBe(200);
    }
}
