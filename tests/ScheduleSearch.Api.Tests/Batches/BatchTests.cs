using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Batches;

public sealed class BatchTests
{
    public static TheoryData<string> Databases => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Every_request_is_solved_once_and_answered_in_order(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var solver = new StubSolver { OnSearch = StubSolver.BetterAsync };
        await using var service = new TestService(database.ConnectionString, solver, ("Batches:MaxInFlight", "8"), ("Jobs:MaxUnfinished", "16"));
        await service.ReadyAsync();
        // More than may be unfinished at once; the last three are problems that stand before.
        var requests = new JsonArray([.. Enumerable.Range(0, 40).Select(index => Requests.Solve(microbatches: 4 + index % 37))]);
        var sent = await service.PostAsync("/batches", requests);
        sent.Status.ShouldBe(202);
        sent["count"]!.GetValue<int>().ShouldBe(40);
        sent.Response.Headers.Location!.ToString().ShouldBe($"/batches/{sent["id"]}");

        var done = await WaitUntilDoneAsync(service, sent["id"]!);
        done["status"]!.GetValue<string>().ShouldBe("done");
        done["done"]!.GetValue<int>().ShouldBe(40);
        done["counts"]!.AsObject().Sum(count => count.Value!.GetValue<int>()).ShouldBe(40);
        done["counts"]!.AsObject().Select(count => count.Key).ShouldBeSubsetOf(["optimal", "feasible"]);
        solver.QuickPasses.ShouldBe(37);

        var lines = await ResultsAsync(service, done);
        lines.Select(line => line["index"]!.GetValue<int>()).ShouldBe(Enumerable.Range(0, 40));
        lines[39]["id"]!.GetValue<string>().ShouldBe(lines[2]["id"]!.GetValue<string>());
        foreach (var line in lines)
        {
            var answer = (await service.GetAsync($"/schedules/{line["id"]}")).Json.AsObject();
            answer.Remove("devices").ShouldBeTrue();
            answer.Insert(0, "index", line["index"]!.DeepClone());
            line.ToJsonString().ShouldBe(answer.ToJsonString());
        }

        var whole = await ResultsAsync(service, done, "?devices=true");
        whole.ShouldAllBe(line => line["devices"]!.AsArray().Count == 4);
    }

    [Fact]
    public async Task What_looks_like_another_unit_is_said_in_the_line_of_the_request()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        await service.ReadyAsync();
        var odd = Requests.Solve(5);
        (odd["profile"]!["times"]!["unit"], odd["profile"]!["times"]!["forward"]) = ("s", 900);
        var sent = await service.PostAsync("/batches", new JsonObject { ["requests"] = new JsonArray(Requests.Solve(4), odd) });
        var lines = await ResultsAsync(service, await WaitUntilDoneAsync(service, sent["id"]!));
        lines[0]["warnings"].ShouldBeNull();
        var solved = await service.PostAsync("/schedules/solve", odd);
        lines[1]["warnings"]!.ToJsonString().ShouldBe(solved["warnings"]!.ToJsonString());
    }

    [Fact]
    public async Task A_batch_takes_few_places_and_others_are_answered_meanwhile()
    {
        await using var database = await TestDatabase.CreateAsync();
        var end = new TaskCompletionSource();
        var solver = new StubSolver
        {
            OnSearch = async (_, _, known, _, cancellation) =>
            {
                await end.Task.WaitAsync(cancellation);
                return known;
            },
        };
        await using var service = new TestService(database.ConnectionString, solver, ("Batches:MaxInFlight", "3"), ("Jobs:MaxUnfinished", "5"));
        await service.ReadyAsync();
        var sent = await service.PostAsync("/batches", new JsonObject { ["requests"] = Many(20) });
        sent.Status.ShouldBe(202);
        await WaitForAsync(service, sent["id"]!, batch => InFlight(batch) == 3);
        // Two places are left, for who comes by themselves.
        (await service.PostAsync("/schedules/solve", Requests.Solve(100, gap: 1))).Status.ShouldBe(200);
        var status = await service.GetAsync($"/batches/{sent["id"]}");
        CountOf(status, "waiting").ShouldBe(17);
        status["status"]!.GetValue<string>().ShouldBe("running");
        status.Response.Headers.RetryAfter.ShouldNotBeNull();
        var lines = await ResultsAsync(service, status);
        lines.Select(line => line["status"]!.GetValue<string>()).Distinct().ShouldContain("waiting");
        end.SetResult();
        (await WaitUntilDoneAsync(service, sent["id"]!))["done"]!.GetValue<int>().ShouldBe(20);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_stopped_batch_leaves_what_others_asked_for(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var solver = new StubSolver { OnSearch = StubSolver.UntilStoppedAsync };
        await using var service = new TestService(database.ConnectionString, solver, ("Batches:MaxInFlight", "3"));
        await service.ReadyAsync();
        var others = await service.PostAsync("/schedules/solve", Requests.Solve(4), ("Prefer", "respond-async"));
        var sent = await service.PostAsync("/batches", Many(6));
        await WaitForAsync(service, sent["id"]!, batch => InFlight(batch) == 3);
        var ours = (await ResultsAsync(service, sent)).Where(line => line["status"]!.GetValue<string>() is "queued" or "running").ToList();
        ours.Select(line => line["id"]!.GetValue<string>()).ShouldContain(others["id"]!.GetValue<string>());

        var stopped = await service.SendAsync(HttpMethod.Delete, $"/batches/{sent["id"]}");
        stopped["status"]!.GetValue<string>().ShouldBe("canceled");
        stopped["done"]!.GetValue<int>().ShouldBe(6);
        foreach (var line in ours)
        {
            var isOthers = line["id"]!.GetValue<string>() == others["id"]!.GetValue<string>();
            var status = (await service.GetAsync($"/schedules/{line["id"]}"))["status"]!.GetValue<string>();
            (status is "queued" or "running").ShouldBe(isOthers, line.ToJsonString());
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_batch_goes_on_after_a_restart(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        JsonNode id;
        var endless = new StubSolver { OnSearch = StubSolver.UntilStoppedAsync };
        await using (var service = new TestService(database.ConnectionString, endless, ("Batches:MaxInFlight", "2")))
        {
            await service.ReadyAsync();
            id = (await service.PostAsync("/batches", Many(5)))["id"]!;
            await WaitForAsync(service, id, batch => InFlight(batch) == 2);
        }

        await using var restarted = new TestService(database.ConnectionString, new StubSolver());
        await restarted.ReadyAsync();
        (await WaitUntilDoneAsync(restarted, id))["done"]!.GetValue<int>().ShouldBe(5);
    }

    [Fact]
    public async Task Every_wrong_member_is_named_with_its_request_and_nothing_is_taken()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver(), ("Limits:MaxBatchRequests", "4"), ("Batches:MaxWaiting", "3"));
        await service.ReadyAsync();
        var requests = Many(4);
        requests[1]!["profile"]!["times"]!["forward"] = -1;
        requests[3]!["options"]!["timeLimitSeconds"] = 1e6;
        var refused = await service.PostAsync("/batches", requests);
        refused.Status.ShouldBe(400);
        refused.Members.ShouldBe(["$[1].profile.times.forward", "$[3].options.timeLimitSeconds"]);
        (await service.PostAsync("/batches", new JsonObject { ["requests"] = requests.DeepClone() })).Members
            .ShouldBe(["$.requests[1].profile.times.forward", "$.requests[3].options.timeLimitSeconds"]);
        requests[1] = Requests.Solve();
        (await service.PostAsync("/batches", requests)).Status.ShouldBe(422);

        (await service.PostAsync("/batches", Many(5))).Status.ShouldBe(422);
        (await service.PostAsync("/batches", Many(4))).Status.ShouldBe(429);
        foreach (var (body, member) in new[]
        {
            ("[]", "$"), ("{}", "$.requests"), ("{\"requests\":[]}", "$.requests"), ("{\"requests\":{}}", "$.requests"), ("7", "$"), ("[7]", "$[0]"),
            ("{\"requests\":[null]}", "$.requests[0]"), ("{\"requests\":[],\"name\":\"x\"}", "$.name"),
        })
        {
            var wrong = await service.PostAsync("/batches", body);
            wrong.Status.ShouldBe(400, body);
            wrong.Members.ShouldBe([member], body);
        }

        await using var context = service.Services.GetRequiredService<Func<SchedulesContext>>()();
        (await context.Batches.AnyAsync()).ShouldBeFalse();
        (await context.Schedules.AnyAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_family_that_does_not_fit_fails_alone()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        await service.ReadyAsync();
        var tight = Requests.Solve(limit: 2);
        tight["options"]!["family"] = "gpipe";
        var sent = await service.PostAsync("/batches", new JsonArray(tight, Requests.Solve()));
        sent.Status.ShouldBe(202);
        var done = await WaitUntilDoneAsync(service, sent["id"]!);
        CountOf(done, "failed").ShouldBe(1);
        var lines = await ResultsAsync(service, done);
        lines[0]["status"]!.GetValue<string>().ShouldBe("failed");
        lines[0]["problem"]!["detail"]!.GetValue<string>().ShouldContain("gpipe");
        lines[1]["status"]!.GetValue<string>().ShouldBe("feasible");
    }

    [Fact]
    public async Task Requests_of_a_batch_may_ask_for_callbacks()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var receiver = await Receiver.StartAsync();
        await using var service = new TestService(
            database.ConnectionString,
            new StubSolver(),
            ("Callbacks:Hosts:0", $"127.0.0.1:{receiver.Port}"),
            ("Callbacks:PrivateNetworks:0", "127.0.0.0/8"),
            ("Callbacks:Secrets:0", Convert.ToBase64String(new byte[32])));
        await service.ReadyAsync();
        var requests = Many(3);
        foreach (var index in new[] { 0, 2 })
        {
            requests[index]!["callback"] = new JsonObject { ["url"] = $"http://127.0.0.1:{receiver.Port}/told", ["reference"] = $"{index}" };
        }

        await service.PostAsync("/batches", requests);
        var told = await receiver.WaitForAsync(2);
        told.Select(message => JsonNode.Parse(message.Body)!["reference"]!.GetValue<string>()).ShouldBe(["0", "2"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("/batches/none")]
    [InlineData("/batches/2f1c6a52-6a0e-4f3b-9d0c-6a1f5f0f7c11")]
    [InlineData("/batches/2f1c6a52-6a0e-4f3b-9d0c-6a1f5f0f7c11/results")]
    public async Task An_unknown_batch_is_not_found(string path)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        await service.ReadyAsync();
        (await service.GetAsync(path)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_batch_belongs_to_the_key_that_sent_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver { OnSearch = StubSolver.UntilStoppedAsync };
        await using var service = GuardedService.Start(database, solver, ("Access:Schedules", "own"));
        await service.ReadyAsync();
        var (_, ours) = await service.KeyAsync();
        var (_, theirs) = await service.KeyAsync();
        var sent = await service.PostAsync("/batches", Many(2), ours);
        sent.Status.ShouldBe(202);
        (await service.GetAsync($"/batches/{sent["id"]}", theirs)).Status.ShouldBe(404);
        (await service.GetAsync($"{sent["results"]}", theirs)).Status.ShouldBe(404);
        (await service.SendAsync(HttpMethod.Delete, $"/batches/{sent["id"]}", null, theirs)).Status.ShouldBe(404);
        (await service.GetAsync($"/batches/{sent["id"]}", ours)).Status.ShouldBe(200);
        (await service.SendAsync(HttpMethod.Delete, $"/batches/{sent["id"]}", null, ours))["status"]!.GetValue<string>().ShouldBe("canceled");
        await using var context = service.Services.GetRequiredService<Func<SchedulesContext>>()();
        (await context.Schedules.Select(row => row.Name).Distinct().ToListAsync()).ShouldAllBe(name => name == null);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_batch_waits_for_room_in_the_quotas_of_its_key_and_others_go_on(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var end = new TaskCompletionSource();
        var (searching, most) = (0, 0);
        var solver = new StubSolver
        {
            OnSearch = async (problem, _, known, _, cancellation) =>
            {
                // Counted where they are searched: a batch notes what has ended a little later.
                var isCounted = problem.Microbatches < 100;
                if (isCounted) most = Math.Max(most, Interlocked.Increment(ref searching));
                await end.Task.WaitAsync(cancellation);
                if (isCounted) Interlocked.Decrement(ref searching);
                return known;
            },
        };
        await using var service = GuardedService.Start(database, solver, ("Jobs:Searches", "8"));
        await service.ReadyAsync();
        var (_, two) = await service.KeyAsync(quotas: new Quotas(null, 2, null));
        var (_, free) = await service.KeyAsync();
        var counted = await service.PostAsync("/batches", Many(6), two);
        counted.Status.ShouldBe(202, counted.Text);
        await WaitForAsync(service, counted["id"]!, batch => InFlight(batch) == 2, two);
        var others = await service.PostAsync("/batches", new JsonArray(Requests.Solve(100), Requests.Solve(101), Requests.Solve(102)), free);
        await WaitForAsync(service, others["id"]!, batch => InFlight(batch) == 3, free);
        InFlight(await service.GetAsync($"/batches/{counted["id"]}", two)).ShouldBe(2, "those of others take no place of this key's");

        end.SetResult();
        await WaitForAsync(service, counted["id"]!, batch => batch["done"]!.GetValue<int>() == 6, two);
        (searching, most).ShouldBe((0, 2));
    }

    [Fact]
    public async Task What_no_day_has_is_refused_and_a_revoked_keys_requests_fail()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = GuardedService.Start(database, new StubSolver { OnSearch = StubSolver.UntilStoppedAsync });
        await service.ReadyAsync();
        var (id, key) = await service.KeyAsync(quotas: new Quotas(null, 1, 30));
        var (_, admin) = await service.KeyAsync(AccessRole.Admin);
        var refused = await service.PostAsync("/batches", new JsonArray(Requests.Solve(4, seconds: 20), Requests.Solve(5, seconds: 40)), key);
        (refused.Status, refused["detail"]!.GetValue<string>()).ShouldBe(
            (403, "The quota SolverSecondsPerDay is 30: request 1 asks for 40 seconds of search, which no day has."));

        var sent = await service.PostAsync("/batches", new JsonArray(Requests.Solve(4, seconds: 20), Requests.Solve(5, seconds: 20)), key);
        await WaitForAsync(service, sent["id"]!, batch => InFlight(batch) == 1, admin);
        (await service.Services.GetRequiredService<KeyStore>().RevokeAsync(id, CancellationToken.None)).ShouldBeTrue();
        await WaitForAsync(service, sent["id"]!, batch => CountOf(batch, "failed") == 1, admin);
        var lines = (await service.GetAsync($"{sent["results"]}", admin)).Text;
        lines.ShouldContain("The key that sent the batch is revoked.");
    }

    private static JsonArray Many(int count) => new([.. Enumerable.Range(0, count).Select(index => Requests.Solve(microbatches: 4 + index))]);

    private static int CountOf(Answer batch, string state) => batch["counts"]![state]?.GetValue<int>() ?? 0;

    private static async Task<List<JsonNode>> ResultsAsync(TestService service, Answer batch, string query = "")
    {
        var results = await service.GetAsync($"{batch["results"]}{query}");
        results.Status.ShouldBe(200);
        results.MediaType.ShouldBe("application/x-ndjson");
        return [.. results.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private static Task<Answer> WaitUntilDoneAsync(TestService service, JsonNode id) =>
        WaitForAsync(service, id, batch => batch["status"]!.GetValue<string>() != "running");

    private static int InFlight(Answer batch) => CountOf(batch, "queued") + CountOf(batch, "running");

    private static async Task<Answer> WaitForAsync(
        TestService service, JsonNode id, Func<Answer, bool> condition, params (string Name, string Value)[] headers)
    {
        for (var attempt = 0; ; attempt++)
        {
            var batch = await service.GetAsync($"/batches/{id}", headers);
            if (condition(batch)) return batch;
            attempt.ShouldBeLessThan(1200, batch.Text);
            await Task.Delay(50);
        }
    }
}
