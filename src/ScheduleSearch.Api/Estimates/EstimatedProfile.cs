using System.Text.Json.Nodes;
using ScheduleSearch.Core.Estimates;

namespace ScheduleSearch.Api.Estimates;

/// <summary>The profile that an estimate makes.</summary>
internal static class EstimatedProfile
{
    /// <summary>A profile of layers whose split is left to the search.</summary>
    public static JsonObject Of(Estimate estimate)
    {
        var (profile, pipeline) = (new JsonObject(), estimate.Pipeline);
        if (estimate.Name is { } name) profile["name"] = name;
        profile["pipeline"] = new JsonObject
        {
            ["devices"] = pipeline.Devices,
            ["chunks"] = pipeline.Chunks,
            ["placement"] = pipeline.Chunks == 1 ? "linear" : "interleaved",
            ["microbatches"] = pipeline.Microbatches,
            ["split"] = "search",
        };
        profile["times"] = new JsonObject { ["unit"] = "ms", ["communication"] = estimate.Communication };
        profile["memory"] = new JsonObject { ["unit"] = "GiB", ["total"] = estimate.Device.Memory };
        profile["layers"] = new JsonArray([.. estimate.Layers.Select(layer => new JsonObject
        {
            ["name"] = layer.Name,
            ["count"] = layer.Count,
            ["forward"] = layer.Forward,
            ["backwardInput"] = layer.BackwardInput,
            ["backwardWeight"] = layer.BackwardWeight,
            ["activation"] = layer.Activation,
            ["retained"] = layer.Retained,
            ["weights"] = layer.Weights,
        })]);
        return profile;
    }
}
