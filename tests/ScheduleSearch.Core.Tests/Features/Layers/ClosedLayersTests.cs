using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Features.Layers;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Layers;

/// <summary>What stages are made of layers that say what they hand on, that are frozen, or whose microbatches are cut, unequal or run in pairs.</summary>
public class ClosedLayersTests
{
    private const string Stated = """
        {
          "pipeline": { "devices": 3, "microbatches": 4, "split": [2, 2, 2] },
          "times": { "communication": { "latency": 1, "bandwidth": 4 } },
          "memory": { "limit": 40 },
          "layers": [
            { "name": "encoder", "count": 3, "frozen": true, "forward": 2, "backwardInput": 3, "backwardWeight": 4, "activation": 5, "output": 12 },
            { "name": "decoder", "count": 2, "forward": 1, "backwardInput": 2, "backwardWeight": 3, "activation": 4, "retained": 2, "output": 8 },
            { "name": "head", "frozen": true, "forward": 6, "backwardInput": 7, "backwardWeight": 8, "activation": 3 }
          ]
        }
        """;

    [Fact]
    public void A_stage_sends_what_its_last_layer_hands_on()
    {
        var problem = Made(json => json["pipeline"]!["split"] = new JsonArray(2, 3, 1));
        problem.Profile.Times.Communication.Bytes!.Numbers.ShouldBe([12, 8, 0]);
        // What came in goes on from a stage without layers, and nothing comes into the first.
        Made(json => json["pipeline"]!["split"] = new JsonArray(0, 3, 3)).Profile.Times.Communication.Bytes!.Numbers.ShouldBe([0, 12, 0]);
        problem.TimeScale.FromTicks(problem.LagBetween(0, 0, 1)).ShouldBe(1 + 12 / 4);
        problem.TimeScale.FromTicks(problem.LagBetween(0, 2, 1)).ShouldBe(1 + 8 / 4);
        // The same as stages that say so.
        var communication = new Communication { Latency = 1, Bandwidth = 4, Bytes = new[] { 12m, 8, 0 } };
        var stages = problem.Profile with { Times = problem.Profile.Times with { Communication = communication } };
        Problem.Create(stages).Id.ShouldBe(problem.Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Frozen_layers_have_no_weight_gradient_and_in_front_none_at_all(bool isTraining)
    {
        var problem = isTraining ? Made(json => json["mode"] = "train") : Made();
        problem.FrozenStages.ShouldBe(1);
        problem.Profile.Times.BackwardInput.Numbers.ShouldBe([0, 2, 9]);
        problem.Profile.Times.BackwardWeight.Numbers.ShouldBe([0, 3, 3]);
        // Of the second stage, the frozen layer's forward is over when the decoder's begins.
        problem.Profile.Memory!.Activation!.Numbers.ShouldBe([10, 5, 7]);
        // A frozen layer retains nothing for its weights.
        problem.Profile.Memory.Retained!.Numbers.ShouldBe([0, 2, 2]);
    }

    [Fact]
    public void Frozen_layers_between_others_pass_gradients_on()
    {
        var problem = Made(
            json => json["layers"]!.AsArray().Add(json["layers"]![0]!.DeepClone()), json => json["pipeline"]!["split"] = new JsonArray(2, 3, 4));
        problem.Profile.Times.BackwardInput.Numbers[^1].ShouldBe(7 + 3 * 3);
        problem.Profile.Times.BackwardWeight.Numbers[^1].ShouldBe(0);
    }

    [Fact]
    public void Keys_and_values_of_slices_are_the_sums_of_the_layers()
    {
        var problem = Made(json => json["slices"] = JsonNode.Parse("""{ "count": 2 }"""), json => json["layers"]![1]!["keyValue"] = 0.5);
        problem.Profile.Slices!.KeyValue!.Numbers.ShouldBe([0, 0.5m, 0.5m]);
        problem.SliceCount.ShouldBe(2);
    }

    [Fact]
    public void Everything_reads_back_as_it_is_written()
    {
        var profile = WrittenProfile.Read(Json(json => json["slices"] = JsonNode.Parse("""{ "count": 2 }"""), json => json["layers"]![1]!["keyValue"] = 0.5));
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) ProfileJson.Write(writer, profile);
        WrittenProfile.Read(Encoding.UTF8.GetString(buffer.ToArray())).Layers.ShouldBe(profile.Layers);
    }

    [Theory]
    [InlineData("overlap", """{ "gain": 0.5 }""", """{ "gain": 0.25 }""")]
    [InlineData("slices", """{ "count": 2 }""", """{ "count": 3 }""")]
    [InlineData("microbatchScale", "[1, 2, 1, 1]", "[1, 1, 1, 2]")]
    public void Choices_that_differ_have_other_ids(string member, string one, string other)
    {
        string Id(string value)
        {
            var json = JsonNode.Parse(Json(json => json["pipeline"]!["split"] = "search", json => json[member] = JsonNode.Parse(value)))!;
            // Sizes of messages say nothing of unequal microbatches.
            json.AsObject().Remove("times");
            foreach (var layer in json["layers"]!.AsArray()) layer!.AsObject().Remove("output");
            return LayersTests.Choice(WrittenProfile.Read(json.ToJsonString())).Id;
        }

        Id(one).ShouldNotBe(Id(other));
        Id(one).ShouldBe(Id(one));
    }

    [Fact]
    public void A_vocabulary_in_shards_goes_with_layers() =>
        LayersTests.Choice(WrittenProfile.Read(Json(json =>
            json["vocabulary"] = JsonNode.Parse("""{ "size": 9, "parallel": "one-barrier", "forward": 1, "backward": 1 }""")))).Problems.ShouldNotBeEmpty();

    /// <summary>A model that narrows three times: 48 layers of equal work on 4 devices, of which the 13th, the 23rd and the 36th hand on little.</summary>
    [Fact]
    public void Of_many_splits_those_are_tried_that_send_little()
    {
        ModelLayer layer = new() { Name = "block", Forward = 1, BackwardInput = 1, BackwardWeight = 1, Output = 400 };
        var profile = new Profile
        {
            Pipeline = new() { Devices = 4, Microbatches = 4 },
            Times = new() { Forward = 0, BackwardInput = 0, BackwardWeight = 0, Communication = new() { Bandwidth = 10 } },
            Layers =
            [
                layer with { Count = 12 }, layer with { Output = 1 }, layer with { Count = 9 }, layer with { Output = 1 }, layer with { Count = 12 },
                layer with { Output = 1 }, layer with { Count = 12 },
            ],
        };
        var bounded = new BoundedChoice(LayersTests.Choice(profile));
        var best = bounded.Alternatives.MinBy(alternative => alternative.LeastBound.Time)!;
        LayersFeature.SplitOf(best.Alternative).ShouldBe([13, 10, 13, 12]);
        // Without regard to what is sent, all stages have as many.
        bounded.Alternatives.Single(alternative => LayersFeature.SplitOf(alternative.Alternative).All(count => count == 12))
            .LeastBound.Time.ShouldBeGreaterThan(best.LeastBound.Time * 1.5m);
        bounded.Untried!.Value.Time.ShouldBeLessThanOrEqualTo(best.LeastBound.Time);
    }

    private static Problem Made(params Action<JsonNode>[] changes) => Problem.Create(WrittenProfile.Read(Json(changes)));

    private static string Json(params Action<JsonNode>[] changes)
    {
        var json = JsonNode.Parse(Stated)!;
        foreach (var change in changes) change(json);
        return json.ToJsonString();
    }
}
