using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Callbacks;

public sealed class CallbackTests
{
    private const string Secret = "cGlwZWxpbmUtcGFyYWxsZWwtc2NoZWR1bGVzIQ==";

    public static TheoryData<string> Databases => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_end_of_a_search_is_told_of_and_signed(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var receiver = await Receiver.StartAsync();
        var end = new TaskCompletionSource();
        var solver = new StubSolver
        {
            OnSearch = async (problem, options, known, improved, cancellation) =>
            {
                await end.Task;
                return await StubSolver.BetterAsync(problem, options, known, improved, cancellation);
            },
        };
        await using var service = Service(database, solver, receiver.Port);
        await service.ReadyAsync();
        var asked = await service.PostAsync("/schedules/solve", WithCallback(Requests.Solve(), receiver.Port, "run 17"), ("Prefer", "respond-async"));
        asked.Status.ShouldBe(202);
        var id = asked["id"]!.GetValue<string>();
        id.ShouldBe((await service.PostAsync("/schedules/solve", Requests.Solve(), ("Prefer", "respond-async")))["id"]!.GetValue<string>());
        receiver.All.ShouldBeEmpty("the search has not ended");
        end.SetResult();

        var message = (await receiver.WaitForAsync(1))[0];
        message.Path.ShouldBe("/told");
        message.Headers["Content-Type"].ShouldBe("application/json");
        var told = JsonNode.Parse(message.Body)!;
        var answer = await service.GetAsync($"/schedules/{id}");
        told["id"]!.GetValue<string>().ShouldBe(id);
        told["url"]!.GetValue<string>().ShouldBe($"/schedules/{id}");
        told["reference"]!.GetValue<string>().ShouldBe("run 17");
        foreach (var figure in new[] { "status", "makespan", "span", "lowerBound", "gap", "method" })
            told[figure]!.ToJsonString().ShouldBe(answer[figure]!.ToJsonString(), figure);
        var signed = $"{message.Headers["webhook-id"]}.{message.Headers["webhook-timestamp"]}.{message.Body}";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Secret), Encoding.UTF8.GetBytes(signed)));
        message.Headers["webhook-signature"].ShouldBe($"v1,{signature}");
        var sent = DateTimeOffset.FromUnixTimeSeconds(long.Parse(message.Headers["webhook-timestamp"], CultureInfo.InvariantCulture));
        (DateTimeOffset.UtcNow - sent).Duration().ShouldBeLessThan(TimeSpan.FromMinutes(2));
        await WaitUntilNoneIsLeftAsync(service);
        receiver.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_known_already_is_told_of_at_once()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var receiver = await Receiver.StartAsync();
        await using var service = Service(database, new StubSolver(), receiver.Port);
        await service.ReadyAsync();
        await service.PostAsync("/schedules/solve", Requests.Solve());
        (await service.PostAsync("/schedules/solve", WithCallback(Requests.Solve(), receiver.Port)))["cached"]!.GetValue<bool>().ShouldBeTrue();
        JsonNode.Parse((await receiver.WaitForAsync(1))[0].Body)!["status"]!.GetValue<string>().ShouldBe("feasible");
    }

    [Fact]
    public async Task A_canceled_search_is_told_of()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var receiver = await Receiver.StartAsync();
        await using var service = Service(database, new StubSolver { OnSearch = StubSolver.UntilStoppedAsync }, receiver.Port);
        await service.ReadyAsync();
        var asked = await service.PostAsync("/schedules/solve", WithCallback(Requests.Solve(), receiver.Port), ("Prefer", "respond-async"));
        await service.SendAsync(HttpMethod.Delete, $"/schedules/{asked["id"]}");
        JsonNode.Parse((await receiver.WaitForAsync(1))[0].Body)!["id"]!.GetValue<string>().ShouldBe(asked["id"]!.GetValue<string>());
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_receiver_that_fails_is_sent_the_same_message_again(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var receiver = await Receiver.StartAsync((number, _) => number < 3 ? 503 : 204);
        await using var service = Service(database, new StubSolver(), receiver.Port);
        await service.ReadyAsync();
        await service.PostAsync("/schedules/solve", WithCallback(Requests.Solve(), receiver.Port));
        var messages = await receiver.WaitForAsync(3);
        messages.Select(message => message.Headers["webhook-id"]).Distinct().Count().ShouldBe(1);
        messages.Select(message => message.Body).Distinct().Count().ShouldBe(1);
        await WaitUntilNoneIsLeftAsync(service);
        receiver.All.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_message_is_given_up_after_its_attempts_or_when_the_receiver_wants_no_more()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var broken = await Receiver.StartAsync((_, _) => 500);
        await using var gone = await Receiver.StartAsync((_, _) => 410);
        await using var service = new TestService(
            database.ConnectionString, new StubSolver(), [.. Settings($"127.0.0.1:{broken.Port}"), ("Callbacks:Hosts:1", $"127.0.0.1:{gone.Port}")]);
        await service.ReadyAsync();
        await service.PostAsync("/schedules/solve", WithCallback(Requests.Solve(), broken.Port));
        await service.PostAsync("/schedules/solve", WithCallback(Requests.Solve(), gone.Port));
        await broken.WaitForAsync(1);
        await gone.WaitForAsync(1);
        await WaitUntilNoneIsLeftAsync(service);
        broken.All.Count.ShouldBe(4);
        gone.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var receiver = await Receiver.StartAsync((_, context) =>
        {
            context.Response.Headers.Location = "/elsewhere";
            return StatusCodes.Status307TemporaryRedirect;
        });
        await using var service = Service(database, new StubSolver(), receiver.Port);
        await service.ReadyAsync();
        await service.PostAsync("/schedules/solve", WithCallback(Requests.Solve(), receiver.Port));
        await receiver.WaitForAsync(1);
        await WaitUntilNoneIsLeftAsync(service);
        receiver.All.ShouldAllBe(message => message.Path == "/told");
    }

    [Fact]
    public async Task An_allowed_name_that_leads_into_the_network_of_the_service_is_not_called()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var receiver = await Receiver.StartAsync();
        var settings = Settings($"localhost:{receiver.Port}").Where(setting => setting.Name != "Callbacks:PrivateNetworks:0");
        await using var service = new TestService(database.ConnectionString, new StubSolver(), [.. settings]);
        await service.ReadyAsync();
        var body = WithCallback(Requests.Solve(), receiver.Port);
        body["callback"]!["url"] = $"http://localhost:{receiver.Port}/told";
        (await service.PostAsync("/schedules/solve", body)).Status.ShouldBe(200);
        await WaitUntilNoneIsLeftAsync(service);
        receiver.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_cannot_be_called_is_refused_by_its_member()
    {
        (string Callback, int Status, string Member)[] refusals =
        [
            ("""{ "url": "http://127.0.0.1:1/told" }""", 422, "$.callback.url"),
            ("""{ "url": "http://launcher.example.org:81/told" }""", 422, "$.callback.url"),
            ("""{ "url": "http://launcher.example.org.evil.example/told" }""", 422, "$.callback.url"),
            ("""{ "url": "https://example.net/" }""", 422, "$.callback.url"),
            ("""{ "url": "http://me:pass@launcher.example.org/told" }""", 400, "$.callback.url"),
            ("""{ "url": "file:///etc/passwd" }""", 400, "$.callback.url"),
            ("""{ "url": "/told" }""", 400, "$.callback.url"),
            ("""{ "url": 1 }""", 400, "$.callback.url"),
            ("""{ }""", 400, "$.callback.url"),
            ("""{ "url": "https://launcher.example.org/", "secret": "x" }""", 400, "$.callback.secret"),
            ("""{ "url": "https://launcher.example.org/", "reference": 7 }""", 400, "$.callback.reference"),
            ("\"https://launcher.example.org/\"", 400, "$.callback"),
        ];
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(
            database.ConnectionString, new StubSolver(), [.. Settings("launcher.example.org"), ("Callbacks:Hosts:1", "*.example.net")]);
        await service.ReadyAsync();
        foreach (var (callback, status, member) in refusals)
        {
            var body = Requests.Solve();
            body["callback"] = JsonNode.Parse(callback);
            var refused = await service.PostAsync("/schedules/solve", body);
            refused.Status.ShouldBe(status, callback);
            refused.Members.ShouldBe([member], callback);
            // All members are named, whichever is wrong.
            body["profile"]!["times"]!["forward"] = -1;
            (await service.PostAsync("/schedules/solve", body)).Members.ShouldBe([member, "$.profile.times.forward"], ignoreOrder: true, callback);
        }

        (await service.GetAsync("/schedules"))["total"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task A_service_without_allowed_hosts_calls_nobody()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        await service.ReadyAsync();
        var refused = await service.PostAsync("/schedules/solve", WithCallback(Requests.Solve(), 80));
        refused.Status.ShouldBe(422);
        refused["errors"]!["$.callback.url"]![0]!.GetValue<string>().ShouldContain("Callbacks:Hosts");
    }

    [Fact]
    public async Task More_messages_than_may_wait_are_refused()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var receiver = await Receiver.StartAsync();
        await using var service = new TestService(
            database.ConnectionString,
            new StubSolver { OnSearch = StubSolver.UntilStoppedAsync },
            [.. Settings($"127.0.0.1:{receiver.Port}"), ("Callbacks:MaxUndelivered", "1")]);
        await service.ReadyAsync();
        (await service.PostAsync("/schedules/solve", WithCallback(Requests.Solve(4), receiver.Port), ("Prefer", "respond-async"))).Status.ShouldBe(202);
        var refused = await service.PostAsync("/schedules/solve", WithCallback(Requests.Solve(5), receiver.Port), ("Prefer", "respond-async"));
        refused.Status.ShouldBe(429);
        refused.Response.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_killed_service_loses_no_message()
    {
        var folder = Directory.CreateTempSubdirectory("schedulesearch-").FullName;
        try
        {
            int port;
            await using (var reserved = await Receiver.StartAsync()) port = reserved.Port;
            var settings = Settings($"127.0.0.1:{port}").Select(setting => (setting.Name.Replace(":", "__", StringComparison.Ordinal), setting.Value)).ToArray();
            using (var service = await ServiceProcess.StartAsync(folder, settings))
            {
                // The search has ended, and nobody answers at the port.
                var solved = await service.PostAsync(WithCallback(Requests.Solve(seconds: 1), port), "wait=60");
                solved["makespan"].ShouldNotBeNull(solved.ToJsonString());
                await service.KillAsync();
            }

            await using var receiver = await Receiver.StartAsync(port: port);
            using var restarted = await ServiceProcess.StartAsync(folder, settings);
            JsonNode.Parse((await receiver.WaitForAsync(1))[0].Body)!["id"]!.GetValue<string>().Length.ShouldBe(64);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static TestService Service(TestDatabase database, StubSolver solver, int port) =>
        new(database.ConnectionString, solver, Settings($"127.0.0.1:{port}"));

    private static (string Name, string Value)[] Settings(string host) =>
    [
        ("Callbacks:Hosts:0", host),
        ("Callbacks:PrivateNetworks:0", "127.0.0.0/8"),
        ("Callbacks:Secrets:0", Secret),
        ("Callbacks:MaxAttempts", "4"),
        ("Callbacks:FirstPauseSeconds", "0.1"),
    ];

    private static JsonObject WithCallback(JsonObject body, int port, string? reference = null)
    {
        var callback = new JsonObject { ["url"] = $"http://127.0.0.1:{port}/told" };
        if (reference is not null) callback["reference"] = reference;
        body["callback"] = callback;
        return body;
    }

    private static async Task WaitUntilNoneIsLeftAsync(TestService service)
    {
        for (var attempt = 0; ; attempt++)
        {
            await using var context = service.Services.GetRequiredService<Func<SchedulesContext>>()();
            if (!await context.Callbacks.AnyAsync()) return;
            attempt.ShouldBeLessThan(1200, "messages wait for delivery");
            await Task.Delay(50);
        }
    }
}
