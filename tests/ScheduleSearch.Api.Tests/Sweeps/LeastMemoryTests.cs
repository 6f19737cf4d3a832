using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Sweeps;

public sealed class LeastMemoryTests
{
    /// <summary>Each limit is searched by itself to its proved optimum: the least that reaches the target is the answer.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(40)]
    public async Task The_least_limit_is_that_of_all_limits_searched_one_by_one(double within)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString);
        await service.ReadyAsync();
        var free = Number((await service.PostAsync("/schedules/solve", Problem(null)))["makespan"]);
        var least = 0;
        for (var limit = 3; least == 0 && limit < 40; limit++)
        {
            var solved = await service.PostAsync("/schedules/solve", Problem(limit));
            if (solved.Status == 200 && Number(solved["makespan"]) <= free * (1 + within / 100)) least = limit;
            else if (solved.Status == 200) Number(solved["lowerBound"]).ShouldBeGreaterThan(free * (1 + within / 100));
        }

        var body = Problem(null);
        body["within"] = within;
        body["options"]!["timeLimitSeconds"] = 20;
        var answer = await service.PostAsync("/schedules/least-memory", body);
        answer.Status.ShouldBe(200, answer.Text);
        answer["status"]!.GetValue<string>().ShouldBe("optimal", answer.Text);
        Number(answer["limit"]).ShouldBe(least);
        Number(answer["tooLittle"]).ShouldBeInRange(least - 1, least - 0.000001);
        Number(answer["target"]).ShouldBe(free * (1 + within / 100), 1e-9);
        Number(answer["found"]!["limit"]).ShouldBe(least);
        Number(answer["found"]!["peakMemory"]).ShouldBe(least);
        Number(answer["found"]!["objective"]).ShouldBeLessThanOrEqualTo(Number(answer["target"]));
        var stored = await service.GetAsync($"/schedules/{answer["found"]!["id"]}");
        Number(stored["makespan"]).ShouldBe(Number(answer["found"]!["objective"]));

        body.Remove("within");
        body["makespan"] = (decimal)Number(answer["target"]);
        var absolute = await service.PostAsync("/schedules/least-memory", body);
        Number(absolute["limit"]).ShouldBe(least);
        absolute["status"]!.GetValue<string>().ShouldBe("optimal");
    }

    /// <summary>Each placement is searched by itself at each limit: the least at which one of them reaches the target is the answer.</summary>
    [Fact]
    public async Task Of_an_open_placement_the_least_limit_is_that_of_whichever_needs_least()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString);
        await service.ReadyAsync();
        var free = Number((await service.PostAsync("/schedules/solve", Open(null)))["makespan"]);
        var solved = new List<(int Limit, double Makespan, double LowerBound)>();
        for (var limit = 4; limit < 40 && !solved.Exists(one => one.Makespan <= free); limit++)
        {
            foreach (var placement in new[] { "linear", "interleaved", "v", "bidirectional", "wave" })
            {
                var body = Open(limit);
                body["options"]!["placements"] = new JsonArray(placement);
                var answer = await service.PostAsync("/schedules/solve", body);
                if (answer.Status == 200) solved.Add((limit, Number(answer["makespan"]), Number(answer["lowerBound"])));
            }
        }

        solved.Count.ShouldBeGreaterThan(3);
        foreach (var within in new[] { 0, 15 })
        {
            var target = free * (1 + within / 100.0);
            var least = solved.First(one => one.Makespan <= target).Limit;
            solved.Where(one => one.Limit < least).ShouldAllBe(one => one.LowerBound > target);
            await FindsAsync(service, within, least);
        }
    }

    private static async Task FindsAsync(TestService service, int within, int least)
    {
        var asked = Open(null);
        asked["within"] = within;
        asked["options"]!["timeLimitSeconds"] = 20;
        var answer = await service.PostAsync("/schedules/least-memory", asked);
        answer.Status.ShouldBe(200, answer.Text);
        Number(answer["limit"]).ShouldBe(least, answer.Text);
        answer["status"]!.GetValue<string>().ShouldBe("optimal", answer.Text);
        Number(answer["tooLittle"]).ShouldBeInRange(least - 1, least - 0.000001);
        var found = answer["found"]!;
        Number(found["peakMemory"]).ShouldBe(least);
        var leader = await service.GetAsync($"/schedules/{found["leader"]}");
        Number(leader["makespan"]).ShouldBe(Number(found["objective"]));
        (await service.GetAsync($"/schedules/{found["id"]}"))["placement"]!.GetValue<string>().ShouldBe(found["placement"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_split_of_layers_may_be_open_too()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString);
        await service.ReadyAsync();
        var body = JsonNode.Parse("""
            {
              "profile": {
                "pipeline": { "devices": 2, "microbatches": 3, "split": "search" },
                "times": {},
                "layers": [
                  { "name": "decoder", "count": 4, "forward": 1, "backwardInput": 1, "backwardWeight": 1, "activation": 1.5 },
                  { "name": "head", "forward": 2, "backwardInput": 2, "backwardWeight": 2, "activation": 0.5 }
                ]
              },
              "options": { "timeLimitSeconds": 10 },
              "within": 0
            }
            """)!.AsObject();
        var answer = await service.PostAsync("/schedules/least-memory", body);
        answer.Status.ShouldBe(200, answer.Text);
        // Four splits leave no stage empty: each is searched by itself, to the end.
        var least = double.PositiveInfinity;
        for (var first = 1; first <= 4; first++)
        {
            body["profile"]!["pipeline"]!["split"] = new JsonArray(first, 5 - first);
            body.Remove("within");
            body["makespan"] = (decimal)Number(answer["target"]);
            var alone = await service.PostAsync("/schedules/least-memory", body);
            if (alone.Status == 200 && alone["limit"] is { } limit) least = Math.Min(least, Number(limit));
        }

        answer["status"]!.GetValue<string>().ShouldBe("optimal", answer.Text);
        Number(answer["limit"]).ShouldBe(least, answer.Text);
    }

    [Fact]
    public async Task What_is_wrong_is_named()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        await service.ReadyAsync();
        foreach (var (change, status, member) in new (Action<JsonObject>, int, string)[]
        {
            (body => body["profile"]!["memory"]!["limit"] = 4, 400, "$.profile.memory.limit"),
            (body => body["profile"]!.AsObject().Remove("memory"), 400, "$.profile.memory.activation"),
            (body => body["makespan"] = 5, 400, "$.makespan"),
            (body => body.Remove("within"), 400, "$.makespan"),
            (body => body["within"] = -1, 400, "$.within"),
            (body => body["options"]!["workLimit"] = 5, 400, "$.options.workLimit"),
            (body => body["more"] = 5, 400, "$.more"),
            (body => (body["profile"]!["pipeline"]!["placement"], body["profile"]!["memory"]!["limit"]) = ("best", 4), 400, "$.profile.memory.limit"),
            (
                body => (body["profile"]!["pipeline"]!["placement"], body["options"]!["placements"]) = ("best", new JsonArray("wave")),
                422,
                "$.options.placements"),
            (body => (body["makespan"], _) = (1, body.Remove("within")), 422, "$.makespan"),
        })
        {
            var body = Problem(null);
            body["within"] = 5;
            change(body);
            var refused = await service.PostAsync("/schedules/least-memory", body);
            refused.Status.ShouldBe(status, refused.Text);
            refused.Members.ShouldContain(member);
        }
    }

    private static JsonObject Open(decimal? limit)
    {
        var body = JsonNode.Parse("""
            {
              "profile": {
                "pipeline": { "devices": 2, "chunks": 2, "microbatches": 2, "placement": "best" },
                "times": { "forward": [1, 2, 1, 2], "backwardInput": [2, 2, 1, 2], "backwardWeight": [1, 1, 1, 2] },
                "memory": { "activation": [2, 3, 2, 2], "retained": 1 }
              },
              "options": { "timeLimitSeconds": 10 }
            }
            """)!.AsObject();
        if (limit is { } most) body["profile"]!["memory"]!["limit"] = most;
        return body;
    }

    private static JsonObject Problem(decimal? limit)
    {
        var body = JsonNode.Parse("""
            {
              "profile": {
                "pipeline": { "devices": 3, "microbatches": 4 },
                "times": { "forward": [3, 4, 2], "backwardInput": [3, 5, 4], "backwardWeight": [2, 3, 2] },
                "memory": { "activation": 3, "retained": 1 }
              },
              "options": { "timeLimitSeconds": 10 }
            }
            """)!.AsObject();
        if (limit is { } most) body["profile"]!["memory"]!["limit"] = most;
        return body;
    }

    private static double Number(JsonNode? node) => double.Parse(node!.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);
}
