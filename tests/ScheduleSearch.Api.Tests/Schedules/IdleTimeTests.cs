using System.Globalization;
using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>With the real solver: what answers, pictures and the critical path say of idle time.</summary>
public sealed class IdleTimeTests : SolvingService
{
    [Fact]
    public async Task An_answer_says_where_idle_time_goes_and_everything_else_says_the_same()
    {
        var answer = await Service.PostAsync("/schedules/solve", Uneven());
        answer.Status.ShouldBe(200, answer.Text);
        var (makespan, work) = (Number(answer["makespan"]), 6 * (3 * 3 + 9));
        Number(answer["meanIdle"]).ShouldBe(1 - work / (4 * makespan), 1e-9m);
        var idle = answer["idle"]!.AsArray();
        foreach (var device in idle)
        {
            Phases(device!).ShouldBe(Sum(device!["causes"]!));
            Number(device["causes"]!["lessWork"]).ShouldBe(device == idle[3] ? 0 : 6 * 6);
        }

        var share = (100 * 6 * 6 / makespan).ToString("0.0", CultureInfo.InvariantCulture);
        var limit = answer["limitedBy"]!.ToString();
        limit.ShouldBe($"rank 3 carries the most work; the others have less to do and wait {share} % of the time for that alone");

        var id = answer["id"];
        (await Service.GetAsync($"/schedules/{id}/critical-path"))["limitedBy"]!.ToString().ShouldBe(limit);
        var columns = await Service.GetAsync($"/schedules/{id}/timeline.json");
        columns["limitedBy"]!.ToString().ShouldBe(limit);
        columns["phases"]!.AsArray().Select(phase => phase!["causes"]!.ToJsonString()).ShouldBe(idle.Select(device => device!["causes"]!.ToJsonString()));
        var picture = (await Service.GetAsync($"/schedules/{id}/timeline.svg")).Text;
        picture.ShouldContain(limit[..40]);
        picture.ShouldContain($"mean idle {(100 * Number(answer["meanIdle"])).ToString("0.0", CultureInfo.InvariantCulture)} %");
        var verified = await Service.PostAsync("/schedules/verify", new JsonObject { ["id"] = id!.DeepClone() });
        foreach (var member in new[] { "meanIdle", "limitedBy", "idle" }) JsonNode.DeepEquals(verified[member], answer[member]).ShouldBeTrue(member);
        var families = (await Service.GetAsync($"/schedules/{id}/families"))["rows"]!.AsArray();
        Number(families[^1]!["meanIdle"]).ShouldBe(Number(answer["meanIdle"]));
    }

    [Fact]
    public async Task The_critical_path_is_as_long_as_the_makespan_and_starts_without_a_gap()
    {
        var answer = await Service.PostAsync("/schedules/solve", Requests.Solve(limit: 3));
        var path = await Service.GetAsync($"/schedules/{answer["id"]}/critical-path?revision={answer["revision"]}");
        path.Status.ShouldBe(200, path.Text);
        (path["revision"]!.ToString(), path["objective"]!.ToString(), path["timeUnit"]!.ToString())
            .ShouldBe((answer["revision"]!.ToString(), "makespan", "ms"));
        var makespan = Number(answer["makespan"]);
        Number(path["length"]).ShouldBe(makespan);
        (Sum(path["time"]!) + Number(path["communication"])).ShouldBe(makespan);
        path["devices"]!.AsArray().Sum(Number).ShouldBe(Sum(path["time"]!));
        var end = 0m;
        foreach (var step in path["operations"]!.AsArray())
        {
            var operation = step!["operation"]!;
            Number(operation["start"]).ShouldBe(end + Number(step["lag"]));
            end = Number(operation["end"]);
            answer["devices"]![step["device"]!.GetValue<int>()]!.AsArray().ShouldContain(listed => JsonNode.DeepEquals(listed, operation));
        }

        end.ShouldBe(makespan);
        var tag = path.Response.Headers.ETag!.ToString();
        (await Service.GetAsync($"/schedules/{answer["id"]}/critical-path", ("If-None-Match", tag))).Status.ShouldBe(304);
        (await Service.GetAsync($"/schedules/{answer["id"]}/critical-path?revision=0123456789abcdef")).Status.ShouldBe(410);
        (await Service.GetAsync($"/schedules/{answer["id"]}/critical-path?revision=1")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_pair_is_one_step_of_the_path()
    {
        var body = JsonNode.Parse("""
            {
              "profile": {
                "pipeline": { "devices": 2, "chunks": 2, "placement": "v", "microbatches": 6 },
                "times": { "forward": 1, "backwardInput": 1, "backwardWeight": 1 },
                "overlap": { "duration": 2 }
              },
              "options": { "family": "dualpipe-v" }
            }
            """)!;
        var answer = await Service.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(200, answer.Text);
        var path = await Service.GetAsync($"/schedules/{answer["id"]}/critical-path");
        Number(path["time"]!["overlapped"]).ShouldBeGreaterThan(0);
        Sum(path["time"]!).ShouldBe(Number(answer["makespan"]));
    }

    private static decimal Number(JsonNode? number) => number!.GetValue<decimal>();

    private static decimal Sum(JsonNode parts) => parts.AsObject().Sum(part => Number(part.Value));

    private static decimal Phases(JsonNode idle) => Number(idle["warmUp"]) + Number(idle["steady"]) + Number(idle["coolDown"]);

    /// <summary>Four devices of six microbatches, the last with three times the work of each other.</summary>
    private static JsonObject Uneven()
    {
        var body = Requests.Solve(microbatches: 6, seconds: 1);
        body["profile"]!["times"] = JsonNode.Parse("""{"forward":[1,1,1,3],"backwardInput":[1,1,1,3],"backwardWeight":[1,1,1,3]}""");
        return body;
    }
}
