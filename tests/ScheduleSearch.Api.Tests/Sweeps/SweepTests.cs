using System.Text.Json.Nodes;
using System.Xml.Linq;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Sweeps;

public sealed class SweepTests
{
    private const string Limit = "memory.limit";

    public static TheoryData<string> Databases => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Every_point_is_an_ordinary_search_under_its_own_id(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var service = new TestService(database.ConnectionString, new StubSolver { OnSearch = StubSolver.BetterAsync });
        await service.ReadyAsync();
        var sent = await service.PostAsync("/sweeps", Sweep("""
            { "memory.limit": { "from": 2, "to": 5, "steps": 4 }, "pipeline.microbatches": [4, 6, 8] }
            """));
        sent.Status.ShouldBe(202, sent.Text);
        sent.Response.Headers.Location!.ToString().ShouldBe($"/sweeps/{sent["id"]}");
        sent["count"]!.GetValue<int>().ShouldBe(12);

        var done = await WaitUntilDoneAsync(service, sent["id"]!);
        done["done"]!.GetValue<int>().ShouldBe(12);
        var rows = RowsOf(done);
        rows.Select(row => row["index"]!.GetValue<int>()).ShouldBe(Enumerable.Range(0, 12));
        rows.Select(row => (Number(row["values"]![Limit]), Number(row["values"]!["pipeline.microbatches"]))).ShouldBe(
            from limit in new[] { 2d, 3, 4, 5 } from microbatches in new[] { 4d, 6, 8 } select (limit, microbatches));
        foreach (var row in rows)
        {
            var solved = await service.PostAsync(
                "/schedules/solve", Requests.Solve((int)Number(row["values"]!["pipeline.microbatches"]), limit: (decimal)Number(row["values"]![Limit])));
            solved["id"]!.GetValue<string>().ShouldBe(row["id"]!.GetValue<string>());
            solved["cached"]!.GetValue<bool>().ShouldBeTrue();
            foreach (var member in new[] { "status", "lowerBound", "bubbleRatio", "method" })
                row[member]!.ToJsonString().ShouldBe(solved[member]!.ToJsonString(), member);
            Number(row["gap"]).ShouldBe(Number(solved["gap"]), 1e-12);
            row["objective"]!.ToJsonString().ShouldBe(solved["makespan"]!.ToJsonString());
            Number(row["peakMemory"]).ShouldBe(solved["peakMemory"]!.AsArray().Max(Number));
            Number(row["meanIdle"]).ShouldBe(Number(solved["meanIdle"]), 1e-9);
        }

        // The searches are those of a batch, which answers with the whole schedules.
        (await service.GetAsync($"/batches/{sent["id"]}"))["done"]!.GetValue<int>().ShouldBe(12);
    }

    [Fact]
    public async Task A_point_that_is_wrong_is_a_row_that_says_so()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        await service.ReadyAsync();
        var sent = await service.PostAsync("/sweeps", Sweep("""
            {
              "memory.limit": [0.5, 3, null, "much"],
              "pipeline": [ { "placement": "linear", "chunks": 1 }, { "placement": "v", "chunks": 3 } ]
            }
            """));
        sent.Status.ShouldBe(202, sent.Text);
        var rows = RowsOf(await WaitUntilDoneAsync(service, sent["id"]!));
        rows.Select(row => row["status"]!.GetValue<string>()).ShouldBe(
            ["invalid", "invalid", "feasible", "invalid", "feasible", "invalid", "invalid", "invalid"]);
        rows[0]["problem"]!["status"]!.GetValue<int>().ShouldBe(422);
        rows[0]["problem"]!["errors"]!.AsObject().Select(error => error.Key).ShouldBe(["$.profile.memory.limit"]);
        rows[1]["problem"]!["errors"]!.AsObject().Select(error => error.Key).ShouldContain("$.profile.pipeline.chunks");
        rows[6]["problem"]!["status"]!.GetValue<int>().ShouldBe(400);
        rows[0]["id"].ShouldBeNull();
    }

    /// <summary>The searches at the loosest limits find nothing, and those at the tightest are good.</summary>
    [Fact]
    public async Task More_memory_never_looks_worse()
    {
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver
        {
            OnSearch = (problem, options, known, improved, cancellation) => problem.Limit is [< 4, ..]
                ? StubSolver.BetterAsync(problem, options, known, improved, cancellation)
                : Task.FromResult(known),
        };
        await using var service = new TestService(database.ConnectionString, solver, ("Batches:MaxInFlight", "1"));
        await service.ReadyAsync();
        // What is there before, and poor, learns too.
        (await service.PostAsync("/schedules/solve", Requests.Solve(8, limit: 7)))["method"]!.GetValue<string>().ShouldBe("sequential");
        var sent = await service.PostAsync("/sweeps", Sweep("""{ "memory.limit": [7, 6, 2, 3, null] }"""));
        var rows = RowsOf(await WaitUntilDoneAsync(service, sent["id"]!));
        rows.ShouldAllBe(row => row["method"]!.GetValue<string>() != "sequential");
        var ordered = rows.OrderBy(row => row["values"]![Limit] is { } limit ? Number(limit) : double.MaxValue).ToList();
        ordered.Select(row => Number(row["objective"])).ShouldBe(ordered.Select(row => Number(row["objective"])).OrderDescending());
        ordered.Select(row => Number(row["lowerBound"])).ShouldBe(ordered.Select(row => Number(row["lowerBound"])).OrderDescending());
    }

    [Fact]
    public async Task Alternatives_of_a_choice_learn_from_those_with_less_memory()
    {
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver
        {
            OnSearch = (problem, options, known, improved, cancellation) => problem.Limit is [< 5, ..]
                ? StubSolver.BetterAsync(problem, options, known, improved, cancellation)
                : Task.FromResult(known),
        };
        await using var service = new TestService(database.ConnectionString, solver);
        await service.ReadyAsync();
        var sent = await service.PostAsync("/sweeps", Sweep("""{ "pipeline": [{ "placement": "best", "chunks": 2 }], "memory.limit": [4, 8] }"""));
        var rows = RowsOf(await WaitUntilDoneAsync(service, sent["id"]!));
        Number(rows[1]["objective"]).ShouldBeLessThanOrEqualTo(Number(rows[0]["objective"]));
    }

    [Fact]
    public async Task The_front_is_marked_and_drawn_and_the_table_has_a_line_for_each_point()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver { OnSearch = StubSolver.BetterAsync });
        await service.ReadyAsync();
        var body = Sweep("""{ "pipeline.microbatches": [8], "memory.limit": [0.5, 2, 3, 4, 5, 6], "name": ["a, \"b\""] }""");
        (body["tokens"], body["price"]) = (1000, 3.6);
        var sent = await service.PostAsync("/sweeps", body);
        var done = await WaitUntilDoneAsync(service, sent["id"]!);
        var rows = RowsOf(done);
        var costs = rows.Where(row => row["objective"] is not null)
            .Select(row => (Memory: Number(row["peakMemory"]), Time: Number(row["objective"]), OnFront: row["onFront"]!.GetValue<bool>())).ToList();
        costs.Count.ShouldBe(5);
        foreach (var cost in costs)
        {
            var isBeaten = costs.Exists(
                other => other.Memory <= cost.Memory && other.Time <= cost.Time && (other.Memory, other.Time) != (cost.Memory, cost.Time));
            cost.OnFront.ShouldBe(!isBeaten);
        }

        var seconds = Number(rows[1]["objective"]) / 1000;
        Number(rows[1]["tokensPerSecond"]).ShouldBe(8000 / seconds, 1e-6);
        Number(rows[1]["cost"]).ShouldBe(4 * 3.6 / 3600 * seconds, 1e-12);
        Number(rows[1]["costOfMillionTokens"]).ShouldBe(4 * 3.6 / 3600 * seconds / 8000 * 1e6, 1e-9);

        var table = await service.GetAsync($"/sweeps/{sent["id"]}?format=csv");
        table.MediaType.ShouldBe("text/csv");
        var lines = table.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldStartWith("index,pipeline.microbatches,memory.limit,name,id,status,objective,lowerBound,gap,peakMemory,meanIdle,bubbleRatio");
        lines.Length.ShouldBe(7);
        lines[1].ShouldStartWith("0,8,0.5,\"a, \"\"b\"\"\",,invalid,");
        lines[2].ShouldStartWith($"1,8,2,\"a, \"\"b\"\"\",{rows[1]["id"]},");
        (await service.GetAsync($"/sweeps/{sent["id"]}", ("Accept", "text/csv"))).Text.ShouldBe(table.Text);

        var chart = await service.GetAsync($"/sweeps/{sent["id"]}", ("Accept", "image/svg+xml"));
        chart.MediaType.ShouldBe("image/svg+xml");
        var drawn = XDocument.Parse(chart.Text).Descendants().ToList();
        drawn.Count(element => element.Name.LocalName == "a").ShouldBe(5);
        drawn.Select(element => (string?)element.Attribute("href")).OfType<string>()
            .ShouldBe(rows.Where(row => row["id"] is not null).Select(row => $"/ui/schedules/{row["id"]}"), ignoreOrder: true);
        (await service.GetAsync($"/sweeps/{sent["id"]}?format=pdf")).Members.ShouldBe(["format"]);
        (await service.GetAsync($"/sweeps/{sent["id"]}", ("Accept", "application/pdf"))).Status.ShouldBe(406);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_sweep_that_is_sent_again_with_its_key_is_the_same(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        await service.ReadyAsync();
        var body = Sweep("""{ "memory.limit": [2, 3] }""");
        var twice = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => service.PostAsync("/sweeps", body, ("Idempotency-Key", "launch 7"))));
        twice.Select(answer => answer["id"]!.GetValue<string>()).Distinct().Count().ShouldBe(1);
        var other = await service.PostAsync("/sweeps", body, ("Idempotency-Key", "launch 8"));
        other["id"]!.GetValue<string>().ShouldNotBe(twice[0]["id"]!.GetValue<string>());
        var wrong = await service.PostAsync("/sweeps", Sweep("""{ "memory.limit": [2, 4] }"""), ("Idempotency-Key", "launch 7"));
        wrong.Status.ShouldBe(422);
        wrong.Members.ShouldBe(["Idempotency-Key"]);
        (await service.PostAsync("/sweeps", body, ("Idempotency-Key", new string('x', 300)))).Status.ShouldBe(400);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_sweep_goes_on_after_a_restart(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        JsonNode id;
        var endless = new StubSolver { OnSearch = StubSolver.UntilStoppedAsync };
        await using (var service = new TestService(database.ConnectionString, endless, ("Batches:MaxInFlight", "2")))
        {
            await service.ReadyAsync();
            id = (await service.PostAsync("/sweeps", Sweep("""{ "memory.limit": [2, 3, 4, 5, 0.5] }""")))["id"]!;
            await WaitForAsync(service, id, sweep => RowsOf(sweep).Count(row => row["status"]!.GetValue<string>() is "queued" or "running") == 2);
        }

        await using var restarted = new TestService(database.ConnectionString, new StubSolver { OnSearch = StubSolver.BetterAsync });
        await restarted.ReadyAsync();
        var done = await WaitUntilDoneAsync(restarted, id);
        done["done"]!.GetValue<int>().ShouldBe(5);
        RowsOf(done).Count(row => row["objective"] is not null).ShouldBe(4);
    }

    [Fact]
    public async Task A_stopped_sweep_waits_for_nothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        var endless = new StubSolver { OnSearch = StubSolver.UntilStoppedAsync };
        await using var service = new TestService(database.ConnectionString, endless, ("Batches:MaxInFlight", "2"));
        await service.ReadyAsync();
        var sent = await service.PostAsync("/sweeps", Sweep("""{ "memory.limit": [2, 3, 4, 5] }"""));
        await WaitForAsync(service, sent["id"]!, sweep => RowsOf(sweep).Any(row => row["status"]!.GetValue<string>() == "running"));
        var stopped = await service.SendAsync(HttpMethod.Delete, $"/sweeps/{sent["id"]}");
        stopped["status"]!.GetValue<string>().ShouldBe("canceled");
        stopped["done"]!.GetValue<int>().ShouldBe(4);
        RowsOf(stopped).Count(row => row["status"]!.GetValue<string>() == "canceled").ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task What_is_wrong_is_named_and_nothing_is_taken()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver(), ("Limits:MaxSweepPoints", "20"));
        await service.ReadyAsync();
        foreach (var (body, status, member) in new[]
        {
            ("""{ "axes": { "memory.limit": [1] } }""", 400, "$.base"),
            ("""{ "base": {}, "axes": { "memory.limit": [1] }, "more": 1 }""", 400, "$.more"),
            ("""{ "base": 7, "axes": { "memory.limit": [1] } }""", 400, "$.base"),
            ("""{ "base": { "profile": {}, "profile": {} }, "axes": { "memory.limit": [1] } }""", 400, "$.base"),
            ("""{ "base": {}, "axes": {} }""", 400, "$.axes"),
            ("""{ "base": {}, "axes": { "a": [1], "a": [1] } }""", 400, "$.axes"),
            ("""{ "base": {}, "axes": { "memory..limit": [1] } }""", 400, "$.axes.memory..limit"),
            ("""{ "base": {}, "axes": { "memory.limit": [] } }""", 400, "$.axes.memory.limit"),
            ("""{ "base": {}, "axes": { "memory.limit": { "from": 1, "to": 2 } } }""", 400, "$.axes.memory.limit.steps"),
            ("""{ "base": {}, "axes": { "memory.limit": { "from": 1, "to": 2, "steps": 1 } } }""", 400, "$.axes.memory.limit.steps"),
            ("""{ "base": {}, "axes": { "memory.limit": [1] }, "timeLimitSeconds": 0 }""", 400, "$.timeLimitSeconds"),
            ("""{ "base": {}, "axes": { "memory.limit": [1] }, "tokens": 0 }""", 400, "$.tokens"),
            ("""{ "base": {}, "axes": { "memory.limit": [1] }, "price": -1 }""", 400, "$.price"),
            ("""{ "base": {}, "axes": { "a": { "from": 1, "to": 9, "steps": 5 }, "b": { "from": 1, "to": 9, "steps": 5 } } }""", 422, "$.axes"),
            ("""{ "base": { "profile": { "times": { "forward": [1, 2] } } }, "axes": { "times.forward[2]": [1] } }""", 400, "$.axes.times.forward[2]"),
            ("""{ "base": { "profile": { "pipeline": { "devices": 0 } } }, "axes": { "memory.limit": [1] } }""", 400, "$.base.profile.times"),
        })
        {
            var refused = await service.PostAsync("/sweeps", body);
            refused.Status.ShouldBe(status, refused.Text);
            refused.Members.ShouldContain(member, body);
        }

        (await service.GetAsync("/schedules"))["total"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task An_unknown_sweep_is_not_found_and_anothers_is_not_shown()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = GuardedService.Start(database, new StubSolver(), ("Access:Schedules", "own"));
        await service.ReadyAsync();
        var (_, ours) = await service.KeyAsync();
        var (_, theirs) = await service.KeyAsync();
        (await service.GetAsync("/sweeps/none", ours)).Status.ShouldBe(404);
        var sent = await service.PostAsync("/sweeps", Sweep("""{ "memory.limit": [2, 3] }"""), ours);
        sent.Status.ShouldBe(202, sent.Text);
        (await service.GetAsync($"/sweeps/{sent["id"]}", theirs)).Status.ShouldBe(404);
        (await service.SendAsync(HttpMethod.Delete, $"/sweeps/{sent["id"]}", null, theirs)).Status.ShouldBe(404);
        (await service.GetAsync($"/sweeps/{sent["id"]}", ours)).Status.ShouldBe(200);
    }

    private static JsonObject Sweep(string axes) => new() { ["base"] = Requests.Solve(8, limit: 4), ["axes"] = JsonNode.Parse(axes) };

    private static List<JsonNode> RowsOf(Answer sweep) => [.. sweep["points"]!.AsArray().Select(row => row!)];

    private static double Number(JsonNode? node) => double.Parse(node!.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);

    private static Task<Answer> WaitUntilDoneAsync(TestService service, JsonNode id) =>
        WaitForAsync(service, id, sweep => sweep["status"]!.GetValue<string>() != "running");

    private static async Task<Answer> WaitForAsync(TestService service, JsonNode id, Func<Answer, bool> isSo)
    {
        for (var attempt = 0; ; attempt++)
        {
            var sweep = await service.GetAsync($"/sweeps/{id}");
            if (isSo(sweep)) return sweep;
            attempt.ShouldBeLessThan(600, sweep.Text);
            await Task.Delay(50);
        }
    }
}
