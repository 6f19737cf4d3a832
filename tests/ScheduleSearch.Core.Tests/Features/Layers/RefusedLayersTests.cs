using System.Text.Json;
using System.Text.Json.Nodes;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Layers;

/// <summary>What is wrong with layers, and where it is said.</summary>
public class RefusedLayersTests
{
    private const string A = """ "name": "a", "count": 4, "forward": 1, "backwardInput": 1, "backwardWeight": 1, "activation": 1 """;

    [Theory]
    [InlineData("layers", "[]", "$.profile.layers")]
    [InlineData("layers", """[{ "name": "a", "forward": 1, "backwardInput": -1, "backwardWeight": 1 }]""", "$.profile.layers[0].backwardInput")]
    [InlineData("layers", """[{ "name": "a", "count": 0, "forward": 1, "backwardInput": 1, "backwardWeight": 1 }]""", "$.profile.layers[0].count")]
    [InlineData("layers", """[{ "name": "a", "count": 4, "forward": 1, "backwardInput": 1, "backwardWeight": 1 }]""", "$.profile.layers[0].activation")]
    [InlineData(
        "layers", """[{ "name": "a", "count": 5000, "forward": 1, "backwardInput": 1, "backwardWeight": 1, "activation": 1 }]""", "$.profile.layers")]
    [InlineData("pipeline", """{ "devices": 2, "microbatches": 4, "split": [3] }""", "$.profile.pipeline.split")]
    [InlineData("pipeline", """{ "devices": 2, "microbatches": 4, "split": [3, 2] }""", "$.profile.pipeline.split")]
    [InlineData("pipeline", """{ "devices": 2, "microbatches": 4, "split": [5, -1] }""", "$.profile.pipeline.split")]
    [InlineData("pipeline", """{ "devices": 5, "microbatches": 4 }""", "$.profile.layers")]
    [InlineData("slices", """{ "count": 2, "keyValue": 1 }""", "$.profile.slices.keyValue")]
    [InlineData("overlap", """{ "duration": 1 }""", "$.profile.overlap")]
    [InlineData("overlap", """{ "gain": [0.5, 0.25] }""", "$.profile.overlap")]
    [InlineData("frozen", """{ "choose": [0] }""", "$.profile.frozen")]
    [InlineData("layers", $"[{{ {A}, \"output\": 1 }}]", "$.profile.layers[0].output")]
    [InlineData("layers", $"[{{ {A}, \"output\": -1 }}]", "$.profile.layers[0].output")]
    [InlineData("layers", $"[{{ {A}, \"keyValue\": 1 }}]", "$.profile.layers[0].keyValue")]
    [InlineData("times", """{ "communication": { "bandwidth": 1 } }""", "$.profile.times.communication.bandwidth")]
    [InlineData("times", """{ "communication": { "bytes": 1 } }""", "$.profile.times.communication.bandwidth")]
    public void Bad_layers_are_named(string member, string value, string path)
    {
        var json = JsonNode.Parse(LayersTests.Stated)!;
        json[member] = JsonNode.Parse(value);
        var profile = WrittenProfile.Read(json.ToJsonString());
        Should.Throw<InvalidProfileException>(() => LayersTests.Choice(profile)).Errors.ShouldContain(error => error.Path == path);
    }

    [Theory]
    [InlineData(false, true, "$.profile.layers[0].frozen")]
    [InlineData(true, false, "$.profile.times.communication.bytes")]
    public void What_layers_and_the_profile_say_has_to_go_together(bool hasBytes, bool isForward, string path)
    {
        var json = JsonNode.Parse(LayersTests.Stated)!;
        json["layers"]![0]![hasBytes ? "output" : "frozen"] = hasBytes ? 1 : true;
        if (hasBytes) json["times"] = JsonNode.Parse("""{ "communication": { "bandwidth": 1, "bytes": 1 } }""");
        if (isForward) json["mode"] = "forward";
        var profile = WrittenProfile.Read(json.ToJsonString());
        Should.Throw<InvalidProfileException>(() => LayersTests.Choice(profile)).Errors.ShouldContain(error => error.Path == path);
    }

    [Fact]
    public void Sizes_of_messages_say_nothing_of_unequal_microbatches()
    {
        var json = JsonNode.Parse(LayersTests.Stated)!;
        json["layers"]![0]!["output"] = 1;
        json["times"] = JsonNode.Parse("""{ "communication": { "bandwidth": 1 } }""");
        json["microbatchScale"] = JsonNode.Parse("[1, 2, 1, 1]");
        var profile = WrittenProfile.Read(json.ToJsonString());
        Should.Throw<InvalidProfileException>(() => LayersTests.Choice(profile)).Errors.ShouldContain(error => error.Path == "$.profile.microbatchScale");
    }

    [Theory]
    [InlineData("times", """{ "forward": 1 }""", "$.profile.times.forward")]
    [InlineData("memory", """{ "activation": 1 }""", "$.profile.memory.activation")]
    public void What_layers_say_is_not_said_of_stages_too(string member, string value, string path)
    {
        var json = JsonNode.Parse(LayersTests.Stated)!;
        json[member] = JsonNode.Parse(value);
        using var document = JsonDocument.Parse(json.ToJsonString());
        var errors = new List<ProfileError>();
        ProfileJson.ReadProfile(document.RootElement, "$.profile", errors).ShouldBeNull();
        errors.ShouldContain(error => error.Path == path);
    }

    [Fact]
    public void A_split_without_layers_is_refused()
    {
        var profile = Shape.Profile(2, 4) with { Pipeline = new() { Devices = 2, Microbatches = 4, Split = StageSplit.Even } };
        Should.Throw<InvalidProfileException>(() => Problem.Create(profile)).Errors.ShouldHaveSingleItem().Path.ShouldBe("$.profile.pipeline.split");
    }
}
