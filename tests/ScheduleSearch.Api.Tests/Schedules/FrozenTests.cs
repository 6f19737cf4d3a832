using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>Stages without a backward: a frozen encoder on a slow link, and an evaluation.</summary>
public sealed class FrozenTests(SolvingService served) : IClassFixture<SolvingService>
{
    private TestService Service => served.Service;

    [Fact]
    public async Task A_frozen_encoder_is_sent_nothing_back()
    {
        var answer = await Service.PostAsync("/schedules/solve", Encoder());
        answer.Status.ShouldBe(200, answer.Text);
        answer["makespan"]!.GetValue<decimal>().ShouldBeLessThanOrEqualTo(206);
        answer["devices"]![0]!.AsArray().Select(operation => operation!["op"]!.GetValue<string>()).Distinct().ShouldBe(["forward"]);
        var stream = await Service.GetAsync($"/schedules/{answer["id"]}/instructions?format=native");
        stream["frozenStages"]!.GetValue<int>().ShouldBe(1);
        stream["ranks"]![0]!["instructions"]!.AsArray().Select(step => step!["op"]!.GetValue<string>()).Distinct().ShouldBe(["forward", "send"], ignoreOrder: true);
        var refused = await Service.GetAsync($"/schedules/{answer["id"]}/instructions?format=pytorch");
        (refused.Status, refused.Members.Single()).ShouldBe((422, "$.profile.frozen"), refused.Text);

        var verified = new JsonObject { ["profile"] = Encoder()["profile"]!.DeepClone(), ["devices"] = answer["devices"]!.DeepClone() };
        (await Service.PostAsync("/schedules/verify", verified))["valid"]!.GetValue<bool>().ShouldBeTrue();
        verified["profile"]!["mode"] = "train";
        (await Service.PostAsync("/schedules/verify", verified))["violations"]![0]!["message"]!.GetValue<string>()
            .ShouldBe("The backward of stage 0, microbatch 0 is missing.");
    }

    [Theory]
    [InlineData("forward", 1)]
    [InlineData(null, 0)]
    public async Task An_evaluation_has_forwards_alone(string? mode, int gradients)
    {
        var body = Requests.Solve(microbatches: 8, seconds: 3);
        body["profile"]!["times"] = JsonNode.Parse(
            $$"""{ "forward": 1, "backwardInput": {{gradients}}, "backwardWeight": {{gradients}}, "communication": 1 }""");
        body["profile"]!["mode"] = mode;
        var answer = await Service.PostAsync("/schedules/solve", body);
        (answer["status"]!.GetValue<string>(), answer["makespan"]!.GetValue<decimal>()).ShouldBe(("optimal", 14), answer.Text);
        (await Service.GetAsync($"/schedules/{answer["id"]}/instructions?format=native")).Text.ShouldNotContain("ackward");
        body["profile"]!["mode"] = "train";
        (await Service.PostAsync("/schedules/solve", body))["makespan"]!.GetValue<decimal>().ShouldBeGreaterThan(14);
    }

    [Theory]
    [InlineData("mode", "\"eval\"", 400, "$.profile.mode")]
    [InlineData("frozen", """{ "choose": [1] }""", 400, "$.profile.frozen.choose")]
    [InlineData("frozen", """{ "choose": [0, 1, 2, 3, 4] }""", 400, "$.profile.frozen.choose")]
    [InlineData("frozen", """{ "choose": "some" }""", 400, "$.profile.frozen.choose")]
    [InlineData("vocabulary", """{ "size": 1000, "parallel": "one-barrier", "forward": 1, "backward": 1 }""", 400, "$.profile.vocabulary.parallel")]
    public async Task What_cannot_be_meant_is_named(string member, string json, int status, string named)
    {
        var body = Encoder();
        if (member == "vocabulary") body["profile"]!["mode"] = "forward";
        body["profile"]![member] = JsonNode.Parse(json);
        var answer = await Service.PostAsync("/schedules/solve", body);
        (answer.Status, answer.Members.First()).ShouldBe((status, named), answer.Text);
    }

    private static JsonObject Encoder()
    {
        var body = Requests.Solve(microbatches: 8, seconds: 4);
        body["profile"]!["times"] = JsonNode.Parse(
            """{ "forward": [6, 4, 4, 5], "backwardInput": [0, 4, 4, 5], "backwardWeight": [0, 4, 4, 5], "communication": 20 }""");
        body["profile"]!["memory"] = JsonNode.Parse("""{ "limit": 10, "activation": [0, 1, 1, 1] }""");
        return body;
    }
}
