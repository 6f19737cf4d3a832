using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using ScheduleSearch.Tests.Architecture;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>Unequal devices over HTTP: of stages, and of layers that are dealt out to them.</summary>
public sealed class DevicesTests : SolvingService
{
    [Fact]
    public async Task The_documented_request_has_the_schedule_of_the_stages_that_it_comes_to()
    {
        var body = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(SourceProject.Repository, "docs", "examples", "unequal-devices.json")))!.AsObject();
        var answer = await SolveAsync(body);
        answer.Status.ShouldBe(200, answer.Text);
        var first = answer["devices"]![0]![0]!;
        (first["end"]!.GetValue<decimal>() - first["start"]!.GetValue<decimal>()).ShouldBe(3);

        var profile = body["profile"]!.AsObject();
        profile.Remove("devices");
        profile["times"] = JsonNode.Parse("""{ "forward": 3, "backwardInput": 3, "backwardWeight": 2.5, "communication": 0.4 }""");
        profile["memory"]!["limit"] = new JsonArray(20, 20, 10, 10);
        (await SolveAsync(body))["id"]!.GetValue<string>().ShouldBe(answer["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_split_is_searched_for_the_devices_as_they_are()
    {
        var searched = await SolveAsync(Body("search"));
        searched.Status.ShouldBe(200, searched.Text);
        searched["status"]!.GetValue<string>().ShouldBe("optimal");
        // The fast device has no room for more than three of the six layers.
        var best = decimal.MaxValue;
        for (var layers = 1; layers <= 5; layers++)
        {
            var answer = await SolveAsync(Body(new JsonArray(layers, 6 - layers)));
            answer.Status.ShouldBe(layers <= 3 ? 200 : 422, answer.Text);
            if (layers > 3) answer["errors"]!.AsObject().ShouldContain(error => error.Key == "$.profile.devices[0].memory");
            else best = Math.Min(best, answer["makespan"]!.GetValue<decimal>());
        }

        searched["makespan"]!.GetValue<decimal>().ShouldBe(best);
        searched["lowerBound"]!.GetValue<decimal>().ShouldBe(best);
        searched["with"]!["pipeline.split"]!.ToJsonString().ShouldBe("[3,3]");
    }

    [Fact]
    public async Task What_is_wrong_with_a_device_is_named()
    {
        var body = Body("search");
        body["profile"]!["devices"] = JsonNode.Parse("""[{ "speed": 0 }, { "memory": 3, "sped": 2 }]""");
        var refused = await SolveAsync(body);
        refused.Status.ShouldBe(400, refused.Text);
        refused["errors"]!.AsObject().ShouldContain(error => error.Key == "$.profile.devices[1].sped");
        body["profile"]!["devices"] = JsonNode.Parse("""[{ "speed": 0 }, { "memory": 3 }]""");
        var errors = (await SolveAsync(body))["errors"]!.AsObject();
        errors.Select(error => error.Key).ShouldBe(["$.profile.devices[0].speed", "$.profile.devices[0].memory"], ignoreOrder: true);
    }

    private Task<Answer> SolveAsync(JsonObject body) => Service.PostAsync("/schedules/solve", body, ("Prefer", "wait=60"));

    private static JsonObject Body(JsonNode split) => new()
    {
        ["profile"] = new JsonObject
        {
            ["pipeline"] = new JsonObject { ["devices"] = 2, ["microbatches"] = 3, ["split"] = split },
            ["layers"] = JsonNode.Parse("""[{ "name": "decoder", "count": 6, "forward": 2, "backwardInput": 2, "backwardWeight": 2, "activation": 1 }]"""),
            ["devices"] = JsonNode.Parse("""[{ "speed": 2, "memory": 3 }, { "memory": 12 }]"""),
        },
        ["options"] = new JsonObject { ["timeLimitSeconds"] = 5 },
    };
}
