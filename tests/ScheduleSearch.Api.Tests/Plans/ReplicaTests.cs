using System.Text.Json.Nodes;
using ScheduleSearch.Api.Plans;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Plans;

/// <summary>Replicated stages over HTTP.</summary>
public sealed class ReplicaTests : SolvingService
{
    [Fact]
    public async Task The_example_is_answered_with_the_best_replication_and_the_two_that_leave_it_out()
    {
        var answer = await Service.PostAsync("/plans/replicas", ReplicaExample.Request());
        answer.Status.ShouldBe(200, answer.Text);
        answer["best"]!["stages"]!.AsArray().Select(stage => stage!["replicas"]!.GetValue<int>()).ShouldBe([3, 1]);
        var time = answer["best"]!["time"]!.GetValue<decimal>();
        time.ShouldBe(792);
        answer["pipeline"]!["time"]!.GetValue<decimal>().ShouldBeGreaterThan(time);
        answer["dataParallel"]!["time"]!.GetValue<decimal>().ShouldBeGreaterThan(time);
    }

    [Fact]
    public async Task What_is_wrong_is_named_and_what_cannot_be_had_is_422()
    {
        var request = ReplicaExample.Request();
        request["gradients"] = new JsonArray(1);
        var refused = await Service.PostAsync("/plans/replicas", request);
        refused.Status.ShouldBe(400, refused.Text);
        refused["errors"]!["$.gradients"]![0]!.GetValue<string>().ShouldContain("give 2");

        request = ReplicaExample.Request();
        request["profile"]!["memory"] = new JsonObject { ["total"] = 1 };
        foreach (var layer in request["profile"]!["layers"]!.AsArray()) (layer!["activation"], layer["weights"]) = (1, 2);
        var full = await Service.PostAsync("/plans/replicas", request);
        full.Status.ShouldBe(422, full.Text);
        full["errors"]!.AsObject().ShouldContainKey("$.profile.memory.total");
    }
}
