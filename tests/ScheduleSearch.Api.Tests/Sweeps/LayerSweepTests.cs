using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Sweeps;

/// <summary>Sweeps over profiles of layers: how they are dealt out, and how many there are, are members that vary like any other.</summary>
public sealed class LayerSweepTests : SolvingService
{
    [Fact]
    public async Task Splits_and_layers_are_axes()
    {
        var sent = await Service.PostAsync("/sweeps", """
            {
              "base": {
                "profile": {
                  "pipeline": { "devices": 2, "microbatches": 3 },
                  "times": { "unit": "ms" },
                  "layers": [
                    { "name": "decoder", "count": 6, "forward": 1, "backwardInput": 1, "backwardWeight": 1 },
                    { "name": "head", "forward": 2, "backwardInput": 2, "backwardWeight": 2 }
                  ]
                }
              },
              "axes": { "layers[0].count": [5, 7], "pipeline.split": [null, "even", [4, 4], [5, 3]] },
              "timeLimitSeconds": 1
            }
            """);
        sent.Status.ShouldBe(202, sent.Text);
        Answer sweep;
        while ((sweep = await Service.GetAsync($"/sweeps/{sent["id"]}"))["status"]!.GetValue<string>() == "running") await Task.Delay(100);
        var points = sweep["points"]!.AsArray();
        points.Count.ShouldBe(8);
        // A list that does not deal out all layers is a point that says so.
        foreach (var wrong in new[] { 2, 3 })
        {
            points[wrong]!["status"]!.GetValue<string>().ShouldBe("invalid");
            points[wrong]!["problem"]!["errors"]!.AsObject().Select(error => error.Key).ShouldBe(["$.profile.pipeline.split"]);
        }

        Objective(points[0]).ShouldBeLessThanOrEqualTo(Objective(points[1]));
        // Of eight layers the even split is four and four, and the one that is found gives the head fewer beside it.
        Objective(points[5]).ShouldBe(Objective(points[6]));
        Objective(points[4]).ShouldBe(Objective(points[7]));
        Objective(points[4]).ShouldBeLessThan(Objective(points[5]));
        points[4]!["lowerBound"]!.GetValue<decimal>().ShouldBeLessThanOrEqualTo(Objective(points[7]));
    }

    private static decimal Objective(JsonNode? point) => point!["objective"]?.GetValue<decimal>() ?? throw new InvalidOperationException(point.ToJsonString());
}
