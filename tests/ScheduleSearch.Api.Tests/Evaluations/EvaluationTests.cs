using System.Text.Json.Nodes;
using ScheduleSearch.Api.Evaluations;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Evaluations;

/// <summary>With the real solver: schedules under durations that vary, over HTTP.</summary>
public sealed class EvaluationTests : SolvingService
{
    [Fact]
    public async Task Without_noise_all_replays_take_what_the_schedule_claims()
    {
        var solved = await Service.PostAsync("/schedules/solve", Requests.Solve(limit: 4));
        var answer = await Service.PostAsync($"/schedules/{solved["id"]}/evaluate", new JsonObject { ["replays"] = 10 });
        answer.Status.ShouldBe(200, answer.Text);
        answer["revision"]!.ToString().ShouldBe(solved["revision"]!.ToString());
        answer["timeUnit"]!.ToString().ShouldBe("ms");
        var claimed = solved["makespan"]!.GetValue<decimal>();
        foreach (var member in new[] { "planned", "mean", "p50", "p95", "p99" }) answer["schedule"]![member]!.GetValue<decimal>().ShouldBe(claimed);
        answer["schedule"]!["deviation"]!.GetValue<decimal>().ShouldBe(0);
        answer["schedule"]!["histogram"]!["counts"]!.AsArray().Select(count => count!.GetValue<int>()).ShouldBe([10]);

        var compared = (await Service.GetAsync($"/schedules/{solved["id"]}/families"))["rows"]!.AsArray()
            .Where(row => row!["kind"]!.ToString() == "family" && row["fits"]?.GetValue<bool>() == true)
            .ToDictionary(row => row!["name"]!.ToString(), row => row!["makespan"]!.GetValue<decimal>());
        var families = answer["families"]!.AsArray();
        families.ToDictionary(row => row!["name"]!.ToString(), row => row!["mean"]!.GetValue<decimal>()).ShouldBe(compared, ignoreOrder: true);
        families.Select(row => row!["p95"]!.GetValue<decimal>()).ShouldBeInOrder();
    }

    [Fact]
    public async Task The_example_says_what_is_critical_and_what_may_take_longer()
    {
        var id = (await Service.PostAsync("/schedules/solve", Requests.Solve(limit: 4)))["id"]!.ToString();
        var answer = await Service.PostAsync($"/schedules/{id}/evaluate", EvaluationExample.Request());
        answer.Status.ShouldBe(200, answer.Text);
        var schedule = answer["schedule"]!;
        Number(schedule["mean"]).ShouldBeGreaterThan(Number(schedule["planned"]));
        decimal[] quantiles = [.. new[] { "p50", "p95", "p99" }.Select(name => schedule[name]!.GetValue<decimal>())];
        quantiles.ShouldBeInOrder();
        var histogram = schedule["histogram"]!;
        histogram["counts"]!.AsArray().Sum(count => count!.GetValue<int>()).ShouldBe(1000);
        Number(schedule["mean"]).ShouldBeInRange(Number(histogram["least"]), Number(histogram["most"]));
        var devices = answer["devices"]!.AsArray();
        devices.Count.ShouldBe(4);
        devices.ShouldAllBe(device => Number(device!["slack"]!["each"]) <= Number(device["slack"]!["once"]));
        answer["links"]!.AsArray().Select(link => $"{link!["from"]} {link["to"]}").ShouldBe(["0 1", "1 0", "1 2", "2 1", "2 3", "3 2"]);
        (devices.Sum(device => Number(device!["share"])) + answer["links"]!.AsArray().Sum(link => Number(link!["share"]))).ShouldBe(1, tolerance: 1e-6);
        answer["operations"]!.AsArray().Sum(kind => Number(kind!["share"])).ShouldBe(devices.Sum(device => Number(device!["share"])), tolerance: 1e-6);
        answer["mostCritical"]!.AsArray().Select(operation => Number(operation!["critical"])).ShouldBeInOrder(SortDirection.Descending);

        var again = await Service.PostAsync($"/schedules/{id[..12]}/evaluate", EvaluationExample.Request());
        again.Text.ShouldBe(answer.Text, "the same seed");
        var other = EvaluationExample.Request();
        other["seed"] = 1;
        Number((await Service.PostAsync($"/schedules/{id}/evaluate", other))["schedule"]!["mean"]).ShouldNotBe(Number(schedule["mean"]));
    }

    [Theory]
    [InlineData("""{ "replays": 0 }""", 400, "$.replays")]
    [InlineData("""{ "noise": { "stage": "much" } }""", 400, "$.noise.stage")]
    [InlineData("""{ "noise": { "operation": [0.1, 0.2] } }""", 400, "$.noise.operation")]
    [InlineData("""{ "noise": { "slowDevices": [ { "device": 4, "factor": 2 } ] } }""", 400, "$.noise.slowDevices[0].device")]
    [InlineData("""{ "noise": { "samples": { "forward": [[1]] } } }""", 400, "$.noise.samples.forward")]
    [InlineData("""{ "replays": 50000 }""", 422, "$.replays")]
    public async Task What_is_wrong_is_named(string body, int status, string path)
    {
        await using var service = new TestService(ConnectionString, null, ("Limits:MaxReplayedOperations", "1000000"));
        var id = (await service.PostAsync("/schedules/solve", Requests.Solve(limit: 4)))["id"]!;
        var answer = await service.PostAsync($"/schedules/{id}/evaluate", body);
        answer.Status.ShouldBe(status, answer.Text);
        answer.Members.ShouldContain(path);
    }

    [Fact]
    public async Task What_is_not_stored_is_not_found() =>
        (await Service.PostAsync($"/schedules/{new string('0', 64)}/evaluate", "{}")).Status.ShouldBe(404);

    private static double Number(JsonNode? node) => node!.GetValue<double>();
}
