using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>With the real solver: schedules that are searched where durations vary, over HTTP.</summary>
public sealed class RobustTests(SolvingService fixture) : IClassFixture<SolvingService>
{
    private TestService Service => fixture.Service;

    [Fact]
    public async Task The_mean_is_answered_with_a_bound_beside_what_the_order_takes_as_planned()
    {
        var answer = await SolveAsync("mean");
        var robust = answer["robust"]!;
        (robust["statistic"]!.ToString(), robust["scenarios"]!.GetValue<int>()).ShouldBe(("mean", 32));
        Number(robust["value"]).ShouldBe(Number(robust["mean"]));
        Number(robust["planned"]).ShouldBe(Number(answer["makespan"]));
        Number(robust["mean"]).ShouldBeGreaterThan(Number(answer["lowerBound"]));
        Number(robust["p95"]).ShouldBeGreaterThan(Number(robust["mean"]));
        Number(answer["gap"]).ShouldBe((Number(robust["value"]) - Number(answer["lowerBound"])) / Number(robust["value"]), tolerance: 1e-4);

        var plain = Body("mean");
        plain["options"]!.AsObject().Remove("noise");
        plain["options"]!.AsObject().Remove("statistic");
        var planned = await Service.PostAsync("/schedules/solve", plain);
        planned["id"]!.ToString().ShouldNotBe(answer["id"]!.ToString());
        planned["robust"].ShouldBeNull();
        Number(answer["lowerBound"]).ShouldBeLessThanOrEqualTo(Number(planned["makespan"]), "what is proved at the means holds for the mean");

        var again = await Service.PostAsync("/schedules/solve", Body("mean"));
        again["cached"]!.GetValue<bool>().ShouldBeTrue();
        again["robust"]!.ToJsonString().ShouldBe(robust.ToJsonString(), "recomputed from the order that is stored");
        var stored = await Service.GetAsync($"/schedules/{answer["id"]}");
        stored["robust"]!.ToJsonString().ShouldBe(robust.ToJsonString());
        (await Service.GetAsync($"/schedules/{answer["id"]}/timeline.svg")).Text.ShouldContain("mean-durations");
        (await Service.GetAsync($"/schedules/{answer["id"]}/instructions?format=pytorch&fuse=true")).Status.ShouldBeLessThan(500);
        (await Service.PostAsync($"/schedules/{answer["id"]}/evaluate", new JsonObject { ["noise"] = Noise() })).Status.ShouldBe(200);
    }

    [Fact]
    public async Task No_bound_is_claimed_of_the_p95()
    {
        var answer = await SolveAsync("p95");
        answer["status"]!.ToString().ShouldBe("feasible");
        foreach (var member in new[] { "gap", "lowerBound", "bound" }) answer[member].ShouldBeNull(member);
        Number(answer["robust"]!["value"]).ShouldBe(Number(answer["robust"]!["p95"]));
        (await Service.PostAsync("/schedules/solve", Body("p95")))["cached"]!.GetValue<bool>().ShouldBeTrue("the budget is spent");
        (await Service.GetAsync($"/schedules/{answer["id"]}/timeline.svg")).Text.ShouldContain("no bound claimed");
        (await Service.GetAsync("/schedules")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_batch_and_a_sweep_have_searches_under_noise()
    {
        var batch = await Service.PostAsync("/batches", new JsonObject { ["requests"] = new JsonArray(Body("p95", work: 50), Body("mean", work: 50)) });
        batch.Status.ShouldBe(202, batch.Text);
        var sweep = await Service.PostAsync("/sweeps", new JsonObject
        {
            ["base"] = Body("mean", work: 50),
            ["axes"] = new JsonObject { ["options.noise.operation"] = new JsonArray(0.05, 0.3) },
        });
        sweep.Status.ShouldBe(202, sweep.Text);
        Answer rows;
        do
        {
            await Task.Delay(100);
            rows = await Service.GetAsync($"/sweeps/{sweep["id"]}");
        }
        while (rows["status"]!.ToString() == "running");
        var gaps = rows["points"]!.AsArray().Select(row => Number(row!["gap"])).ToList();
        gaps.Count.ShouldBe(2);
        gaps[1].ShouldBeGreaterThan(gaps[0], "the more durations vary the farther is the mean above what is planned");
    }

    [Theory]
    [InlineData("options", """{ "statistic": "p95" }""", "$.options.statistic")]
    [InlineData("options", """{ "noise": {}, "statistic": "p99" }""", "$.options.statistic")]
    [InlineData("options", """{ "noise": { "operation": -1 } }""", "$.options.noise.operation")]
    [InlineData("options", """{ "noise": { "operation": [0.1, 0.2] } }""", "$.options.noise.operation")]
    [InlineData("options", """{ "noise": { "slowDevices": [{ "device": 9, "factor": 2 }] } }""", "$.options.noise.slowDevices[0].device")]
    [InlineData("options", """{ "noise": { "jitter": 1 } }""", "$.options.noise.jitter")]
    [InlineData("options", """{ "noise": {}, "family": "1f1b" }""", "$.options.family")]
    [InlineData("profile.pipeline", """{ "devices": 4, "microbatches": 4, "placement": "best", "chunks": 1 }""", "$.options.noise")]
    [InlineData("profile.pipeline", """{ "devices": 4, "microbatches": 4, "placement": "bidirectional" }""", "$.options.noise")]
    [InlineData("profile.overlap", """{ "duration": 2 }""", "$.options.noise")]
    public async Task What_is_wrong_is_named(string member, string json, string path)
    {
        var body = Body("mean").ToJsonString();
        var changed = JsonNode.Parse(body)!;
        var names = member.Split('.');
        var owner = names[..^1].Aggregate(changed, (at, name) => at[name]!);
        owner[names[^1]] = JsonNode.Parse(json);
        var answer = await Service.PostAsync("/schedules/solve", changed);
        answer.Status.ShouldBeOneOf(400, 422);
        answer["errors"]!.AsObject().Select(error => error.Key).ShouldContain(path, answer.Text);
    }

    [Theory]
    [InlineData("/schedules/compare")]
    [InlineData("/schedules/least-memory")]
    [InlineData("/schedules/verify")]
    public async Task What_searches_nothing_under_noise_says_so(string url)
    {
        var answer = await Service.PostAsync(url, Body("mean"));
        answer.Status.ShouldBe(400);
        answer["errors"]!.AsObject().Select(error => error.Key).ShouldContain("$.options.noise", answer.Text);
    }

    /// <summary>The answer when its search has ended.</summary>
    private async Task<Answer> SolveAsync(string statistic)
    {
        var answer = await Service.PostAsync("/schedules/solve", Body(statistic));
        while (answer.Status == 202)
        {
            await Task.Delay(100);
            answer = await Service.PostAsync("/schedules/solve", Body(statistic));
        }

        answer.Status.ShouldBe(200, answer.Text);
        return answer;
    }

    private static JsonObject Body(string statistic, long? work = null)
    {
        var body = Requests.Solve(microbatches: 8, seconds: 1.5, work: work, limit: 5);
        body["options"]!["noise"] = Noise();
        body["options"]!["statistic"] = statistic;
        return body;
    }

    private static JsonObject Noise() => new()
    {
        ["operation"] = 0.2,
        ["microbatch"] = 0.1,
        ["spikes"] = new JsonObject { ["probability"] = 0.05, ["size"] = 2 },
    };

    private static double Number(JsonNode? number) => number!.GetValue<double>();
}
