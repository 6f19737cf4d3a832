using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Layers;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Layers;

/// <summary>Layers that are recomputed: what stages keep and recompute of them, on all stages, on some, or on those that a search finds.</summary>
public class LayerRecomputeTests
{
    private const string Stated = """
        {
          "pipeline": { "devices": 3, "microbatches": 4, "split": [1, 2, 2] },
          "times": { "unit": "ms" },
          "memory": { "unit": "GiB", "limit": 20 },
          "layers": [
            { "name": "embedding", "forward": 1, "backwardInput": 1, "backwardWeight": 1, "activation": 1 },
            { "name": "decoder", "count": 3, "forward": 3, "backwardInput": 2, "backwardWeight": 1, "activation": 2, "recompute": { "kept": 0.25 } },
            { "name": "head", "forward": 2, "backwardInput": 2, "backwardWeight": 2, "activation": 3, "recompute": { "time": 1.5, "kept": 1 } }
          ]
        }
        """;

    [Fact]
    public void A_stage_recomputes_and_keeps_the_sums_of_its_layers()
    {
        var problem = Problem.Create(WrittenProfile.Read(Stated));
        problem.Profile.Recompute!.Time!.Numbers.ShouldBe([0, 6, 4.5m]);
        problem.Profile.Recompute.Kept!.Numbers.ShouldBe([1, 0.5m, 1.25m]);
        // The embedding keeps everything.
        Recomputing(problem).ShouldBe([1, 2]);
        Recomputing(With("""{ "choose": [0, 2] }""")).ShouldBe([2]);
        Recomputing(With("""{ "choose": "none" }""")).ShouldBeEmpty();
        Recomputing(With("""{ "choose": "all" }""")).ShouldBe([1, 2]);
    }

    [Fact]
    public void A_layer_that_is_recomputed_reads_back_as_it_is_written()
    {
        var profile = WrittenProfile.Read(Stated);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) ProfileJson.Write(writer, profile);
        WrittenProfile.Read(Encoding.UTF8.GetString(buffer.ToArray())).Layers.ShouldBe(profile.Layers);
    }

    [Fact]
    public void The_stages_that_recompute_are_searched_on_each_split()
    {
        var json = JsonNode.Parse(Stated)!;
        json["memory"] = JsonNode.Parse("""{ "limit": 8 }""");
        json["pipeline"] = JsonNode.Parse("""{ "devices": 3, "microbatches": 4 }""");
        json["recompute"] = JsonNode.Parse("""{ "choose": "search" }""");
        var choice = Choice(WrittenProfile.Read(json.ToJsonString()));
        choice.Alternatives.ShouldAllBe(alternative => alternative.With.Keys.Order().SequenceEqual(new[] { "pipeline.split", "recompute.choose" }));
        var splits = choice.Alternatives.Select(alternative => string.Join(',', LayersFeature.SplitOf(alternative))).Distinct().ToList();
        // Five layers are cut in six ways.
        splits.Count.ShouldBe(6);
        choice.Alternatives.Count.ShouldBeGreaterThan(2 * splits.Count);
        // What an alternative says makes its problem.
        foreach (var alternative in choice.Alternatives.Where(alternative => alternative.Problem is not null).Take(10))
        {
            json["pipeline"]!["split"] = JsonNode.Parse(alternative.With["pipeline.split"].GetRawText());
            json["recompute"]!["choose"] = JsonNode.Parse(alternative.With["recompute.choose"].GetRawText());
            Recomputing(Problem.Create(WrittenProfile.Read(json.ToJsonString()))).ShouldBe(Recomputing(alternative.Problem!));
        }
    }

    [Fact]
    public void With_the_best_placement_fewer_chunks_recompute_what_their_parts_do()
    {
        var json = JsonNode.Parse(Stated)!;
        json["pipeline"] = JsonNode.Parse("""{ "devices": 2, "chunks": 2, "placement": "best", "microbatches": 4 }""");
        json["recompute"] = JsonNode.Parse("""{ "choose": [3] }""");
        foreach (var alternative in Choice(WrittenProfile.Read(json.ToJsonString())).Alternatives.Where(alternative => alternative.Problem is not null))
            Recomputing(alternative.Problem!).ShouldBe([alternative.Problem!.Stages - 1], alternative.Placement);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_proved_of_all_splits_counts_with_what_is_recomputed(bool isSpan)
    {
        var (random, met) = (new Random(11), 0);
        for (var draw = 0; draw < 40; draw++)
        {
            var profile = Draw(random);
            var asked = new AskedWays(isSpan ? Objective.Span : Objective.Makespan, SplitBackward: true, FeatureCatalogue.Default);
            var proved = new SplitBottleneck(profile, asked).Relaxed()!.Times.Forward[0];
            var (layers, least) = ((int)profile.Layers!.Total, decimal.MaxValue);
            for (var first = 1; first < layers; first++)
            {
                var problem = new Problem(ClosedLayers.On(profile, [first, layers - first]), asked.Objective, splitBackward: true, asked.Features);
                var optimum = ExhaustiveSearch.Solve(problem, limitOfNodes: 5_000)?.Optimum ?? BoundCatalogue.Best(problem).Ticks;
                least = Math.Min(least, problem.TimeScale.FromTicks(optimum));
            }

            proved.ShouldBeLessThanOrEqualTo(least, $"case {draw}");
            if (proved > least * 0.8m) met++;
        }

        met.ShouldBeGreaterThan(20);
    }

    [Theory]
    [InlineData("recompute", """{ "time": 1 }""", "$.profile.recompute.time")]
    [InlineData("recompute", """{ "kept": 1 }""", "$.profile.recompute.kept")]
    [InlineData("recompute", """{ "levels": [{ "kept": 1 }], "choose": "search" }""", "$.profile.recompute.levels")]
    [InlineData("recompute", """{ "choose": [3] }""", "$.profile.recompute.choose")]
    [InlineData("layers", """[{ "name": "a", "count": 5, "forward": 1, "backwardInput": 1, "backwardWeight": 1, "activation": 1 }]""", "$.profile.recompute")]
    [InlineData(
        "layers",
        """[{ "name": "a", "count": 5, "forward": 1, "backwardInput": 1, "backwardWeight": 1, "activation": 1, "recompute": { "kept": 2 } }]""",
        "$.profile.layers[0].recompute.kept")]
    [InlineData(
        "layers",
        """[{ "name": "a", "count": 5, "forward": 1, "backwardInput": 1, "backwardWeight": 1, "activation": 1, "recompute": { "time": -1, "kept": 0 } }]""",
        "$.profile.layers[0].recompute.time")]
    public void What_is_wrong_is_named(string member, string value, string path)
    {
        var json = JsonNode.Parse(Stated)!;
        json["recompute"] = JsonNode.Parse("""{ "choose": "all" }""");
        json[member] = JsonNode.Parse(value);
        var profile = WrittenProfile.Read(json.ToJsonString());
        Should.Throw<InvalidProfileException>(() => Choice(profile)).Errors.ShouldContain(error => error.Path == path);
    }

    private static IEnumerable<int> Recomputing(Problem problem) => Enumerable.Range(0, problem.Stages).Where(problem.Recomputes);

    private static Problem With(string recompute)
    {
        var json = JsonNode.Parse(Stated)!;
        json["recompute"] = JsonNode.Parse(recompute);
        return Problem.Create(WrittenProfile.Read(json.ToJsonString()));
    }

    /// <summary>Two devices and two or three microbatches, of layers of which the first may be frozen and some keep everything.</summary>
    private static Profile Draw(Random random)
    {
        var layers = Enumerable.Range(0, random.Next(2, 7)).Select(_ => new ModelLayer
        {
            Name = "decoder",
            Forward = random.Next(1, 5),
            BackwardInput = random.Next(1, 5),
            BackwardWeight = random.Next(0, 4),
            Activation = 2,
            Recompute = random.Chance(70) ? new() { Time = random.Next(0, 4), Kept = random.Next(0, 3) } : null,
        }).ToArray();
        if (random.Chance(30)) layers[0] = layers[0] with { BackwardInput = 0, BackwardWeight = 0 };
        return new()
        {
            Pipeline = new() { Devices = 2, Microbatches = random.Next(2, 4) },
            Times = new() { Forward = 0, BackwardInput = 0, BackwardWeight = 0, Communication = random.Next(0, 2) },
            Layers = LayerList.Of(layers),
        };
    }

    private static PlacementChoice Choice(Profile profile) => PlacementChoice.Create(profile, Objective.Makespan, splitBackward: true);
}
