using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

public sealed class SolveTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_profile_is_answered_with_a_schedule_whose_numbers_hold()
    {
        await using var service = new TestService(_database.ConnectionString);
        var request = Requests.Solve(microbatches: 8, limit: 4);
        var answer = await service.PostAsync("/schedules/solve", request);
        answer.Status.ShouldBe(200);
        answer["status"]!.GetValue<string>().ShouldBe("optimal");
        answer["id"]!.GetValue<string>().ShouldMatch("^[0-9a-f]{64}$");
        answer["cached"]!.GetValue<bool>().ShouldBeFalse();
        answer["gap"]!.GetValue<double>().ShouldBe(0);
        answer["makespan"]!.GetValue<decimal>().ShouldBe(answer["lowerBound"]!.GetValue<decimal>());
        answer["peakMemory"]!.AsArray().Count.ShouldBe(4);
        answer["devices"]!.AsArray().Sum(device => device!.AsArray().Count).ShouldBe(3 * 4 * 8);

        var verified = await service.PostAsync("/schedules/verify", new JsonObject
        {
            ["profile"] = request["profile"]!.DeepClone(),
            ["options"] = request["options"]!.DeepClone(),
            ["devices"] = answer["devices"]!.DeepClone(),
        });
        verified["valid"]!.GetValue<bool>().ShouldBeTrue();
        verified["makespan"]!.GetValue<decimal>().ShouldBe(answer["makespan"]!.GetValue<decimal>());
        verified["bubbleRatio"]!.GetValue<double>().ShouldBe(answer["bubbleRatio"]!.GetValue<double>());
    }

    [Fact]
    public async Task Who_does_not_want_to_wait_polls_and_finds_the_best_so_far()
    {
        var solver = new StubSolver { OnSearch = StubSolver.UntilStoppedAsync };
        await using var service = new TestService(_database.ConnectionString, solver);
        var answer = await service.PostAsync("/schedules/solve", Requests.Solve(), ("Prefer", "respond-async"));
        answer.Status.ShouldBe(202);
        var location = answer.Response.Headers.Location!.ToString();
        location.ShouldBe($"/schedules/{answer["id"]}");
        answer.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBe(1);

        var running = await service.WaitWhileAsync(location[^64..], "queued");
        running.Status.ShouldBe(200);
        running["status"]!.GetValue<string>().ShouldBe("running");
        running["method"]!.GetValue<string>().ShouldBe("sequential");

        var stopped = await service.SendAsync(HttpMethod.Delete, location);
        stopped.Status.ShouldBe(200);
        stopped["status"]!.GetValue<string>().ShouldBe("feasible");
        stopped["devices"]!.AsArray().Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_wait_that_ends_first_is_answered_202_and_the_search_goes_on()
    {
        var release = new TaskCompletionSource();
        var solver = new StubSolver
        {
            OnSearch = async (problem, options, known, improved, cancellation) =>
            {
                await release.Task;
                return await StubSolver.BetterAsync(problem, options, known, improved, cancellation);
            },
        };
        await using var service = new TestService(_database.ConnectionString, solver);
        var answer = await service.PostAsync("/schedules/solve", Requests.Solve(), ("Prefer", "wait=1"));
        answer.Status.ShouldBe(202);
        answer.Response.Headers.GetValues("Preference-Applied").ShouldBe(["wait=1"]);
        release.SetResult();
        var ended = await service.WaitWhileAsync(answer["id"]!.GetValue<string>(), "queued", "running");
        ended["status"]!.GetValue<string>().ShouldBeOneOf("optimal", "feasible");
        ended["method"]!.GetValue<string>().ShouldNotBe("sequential");
    }

    [Fact]
    public async Task The_wait_counts_from_the_arrival_of_the_request()
    {
        await using var service = new TestService(_database.ConnectionString, new StubSolver { OnSearch = StubSolver.UntilStoppedAsync });
        using var socket = new TcpClient("127.0.0.1", service.Port);
        var (stream, body) = (socket.GetStream(), Encoding.UTF8.GetBytes(Requests.Solve(seconds: 60).ToJsonString()));
        string[] head =
            ["POST /schedules/solve HTTP/1.1", "Host: localhost", "Content-Type: application/json", "Prefer: wait=3", $"Content-Length: {body.Length}", "", ""];
        await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Join("\r\n", head)));
        await stream.WriteAsync(body.AsMemory(0, 10));
        // The wait is over before the body is there.
        await Task.Delay(TimeSpan.FromSeconds(4));
        var sent = Stopwatch.StartNew();
        await stream.WriteAsync(body.AsMemory(10));
        using var answer = new StreamReader(stream);
        (await answer.ReadLineAsync()).ShouldBe("HTTP/1.1 202 Accepted");
        sent.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2.5));
    }

    [Fact]
    public async Task A_search_that_fails_says_so_and_may_be_asked_for_again()
    {
        var solver = new StubSolver { OnSearch = (_, _, _, _, _) => throw new InvalidOperationException("secret detail") };
        await using var service = new TestService(_database.ConnectionString, solver);
        var failed = await service.PostAsync("/schedules/solve", Requests.Solve());
        failed["status"]!.GetValue<string>().ShouldBe("failed");
        failed["problem"]!["status"]!.GetValue<int>().ShouldBe(500);
        failed.Text.ShouldNotContain("secret detail");

        solver.OnSearch = StubSolver.BetterAsync;
        var again = await service.PostAsync("/schedules/solve", Requests.Solve());
        again["problem"].ShouldBeNull();
        again["status"]!.GetValue<string>().ShouldBeOneOf("optimal", "feasible");
    }

    [Fact]
    public async Task An_unknown_id_is_404_in_every_form()
    {
        await using var service = new TestService(_database.ConnectionString, new StubSolver());
        var known = (await service.PostAsync("/schedules/solve", Requests.Solve()))["id"]!.GetValue<string>();
        string[] ids =
        [
            new('0', 64), known[1..], known + "0", "F" + known[1..], "..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e",
            "' OR 1=1 --", "%D0%B0" + known[1..], new('a', 4000),
        ];
        foreach (var id in ids)
        {
            var answer = await service.GetAsync($"/schedules/{id}");
            answer.Status.ShouldBe(404, id);
            answer.MediaType.ShouldBe("application/problem+json");
        }
    }

    [Fact]
    public async Task A_search_can_be_watched()
    {
        var solver = new StubSolver { OnSearch = StubSolver.BetterAsync };
        await using var service = new TestService(_database.ConnectionString, solver);
        var id = (await service.PostAsync("/schedules/solve", Requests.Solve(), ("Prefer", "respond-async")))["id"]!.GetValue<string>();
        var events = await service.GetAsync($"/schedules/{id}/events");
        events.MediaType.ShouldBe("text/event-stream");
        var last = events.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
        last.ShouldStartWith("event: end");
        var data = JsonNode.Parse(last.Split("data: ")[1])!;
        data["incumbent"]!.GetValue<decimal>().ShouldBeGreaterThanOrEqualTo(data["bound"]!.GetValue<decimal>());
    }
}
