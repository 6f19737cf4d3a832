using System.Text.Json;
using System.Text.Json.Nodes;
using ScheduleSearch.Core.Estimates;
using ScheduleSearch.Core.Features.Layers;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Estimates;

/// <summary>The profile that an estimate makes.</summary>
internal static class EstimatedProfile
{
    /// <summary>A profile of layers whose split is left to the search, as solve takes it.</summary>
    public static JsonObject Of(Estimate estimate)
    {
        var shape = estimate.Pipeline;
        var profile = new Profile
        {
            Name = estimate.Name,
            Pipeline = shape with { Placement = shape.Chunks == 1 ? "linear" : "interleaved", Split = StageSplit.Search },
            Times = new() { Unit = TimeUnit.ms, Forward = 0, BackwardInput = 0, BackwardWeight = 0, Communication = estimate.Communication },
            Memory = new() { Unit = MemoryUnit.GiB, Total = (decimal)estimate.Device.Memory },
            Layers = LayerList.Of([.. estimate.Layers.Select(LayerOf)]),
        };
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) ProfileJson.Write(writer, profile);
        return JsonNode.Parse(buffer.ToArray())!.AsObject();
    }

    private static ModelLayer LayerOf(LayerEstimate layer) => new()
    {
        Name = layer.Name,
        Count = layer.Count,
        Forward = layer.Forward,
        BackwardInput = layer.BackwardInput,
        BackwardWeight = layer.BackwardWeight,
        Activation = layer.Activation,
        Retained = layer.Retained,
        Weights = layer.Weights,
    };
}
