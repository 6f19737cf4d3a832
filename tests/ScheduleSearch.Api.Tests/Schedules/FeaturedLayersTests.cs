using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>Layers with what else a profile may have: over HTTP, the searched split is the best of all splits, each asked by its numbers.</summary>
public sealed class FeaturedLayersTests : SolvingService
{
    private const string Model = """
        [
          { "name": "encoder", "count": 2, "frozen": FROZEN, "forward": 2, "backwardInput": 2, "backwardWeight": 2, "activation": 2, "output": 9 },
          { "name": "narrow", "forward": 1, "backwardInput": 1, "backwardWeight": 1, "activation": 1, "output": 1 },
          { "name": "decoder", "count": 2, "forward": 3, "backwardInput": 2, "backwardWeight": 2, "activation": 1, "output": 4 }
        ]
        """;

    [Theory]
    [InlineData("output", null, null)]
    [InlineData("frozen", null, null)]
    [InlineData("slices", "slices", """{ "count": 2, "forward": [2, 3] }""")]
    [InlineData("microbatches", "microbatchScale", "[2, 0.5]")]
    [InlineData("pairs", "overlap", """{ "gain": 0.5 }""")]
    public async Task The_searched_split_is_the_best_of_all(string feature, string? member, string? value)
    {
        var profile = new JsonObject
        {
            ["pipeline"] = new JsonObject { ["devices"] = 2, ["microbatches"] = 2 },
            ["times"] = new JsonObject { ["communication"] = new JsonObject { ["latency"] = 0.5, ["bandwidth"] = 3 } },
            ["memory"] = new JsonObject { ["limit"] = 12 },
            ["layers"] = JsonNode.Parse(Model.Replace("FROZEN", feature == "frozen" ? "true" : "false", StringComparison.Ordinal)),
        };
        if (member is not null) profile[member] = JsonNode.Parse(value!);
        if (feature == "microbatches")
        {
            // Sizes of messages say nothing of unequal ones.
            profile["times"]!["communication"] = 0.5;
            foreach (var layer in profile["layers"]!.AsArray()) layer!.AsObject().Remove("output");
        }

        var searched = await SolveAsync(profile);
        searched.Status.ShouldBe(200, searched.Text);
        var (makespans, isProved) = (new List<decimal>(), IsOptimal(searched));
        for (var first = 1; first < 5; first++)
        {
            profile["pipeline"]!["split"] = new JsonArray(first, 5 - first);
            var asked = await SolveAsync(profile);
            asked.Status.ShouldBe(200, asked.Text);
            makespans.Add(Makespan(asked));
            isProved &= IsOptimal(asked);
        }

        searched["lowerBound"]!.GetValue<decimal>().ShouldBeLessThanOrEqualTo(makespans.Min());
        // On a busy machine the time may be over before all is proved.
        if (isProved) Makespan(searched).ShouldBe(makespans.Min());
        else Makespan(searched).ShouldBeLessThanOrEqualTo(makespans.Min() * 1.2m);
    }

    private Task<Answer> SolveAsync(JsonObject profile) => Service.PostAsync(
        "/schedules/solve",
        new JsonObject { ["profile"] = profile.DeepClone(), ["options"] = new JsonObject { ["timeLimitSeconds"] = 2, ["targetGap"] = 0 } },
        ("Prefer", "wait=60"));

    private static bool IsOptimal(Answer answer) => answer["status"]!.GetValue<string>() == "optimal";

    private static decimal Makespan(Answer answer) => answer["makespan"]!.GetValue<decimal>();
}
