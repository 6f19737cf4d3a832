using System.Text.Json.Nodes;

namespace ScheduleSearch.Core.Features.Layers.Layouts;

/// <summary>
/// torchtitan's modules of each model part, by the names of its decoder models: <c>tok_embeddings</c>, <c>layers.N</c>, <c>norm</c> and <c>output</c>.
/// </summary>
internal sealed class TorchTitanLayout : ILayoutFormat
{
    public string Name => "torchtitan";

    public string Description =>
        "The setting module_fqns_per_model_part of torchtitan's parallelism section: the modules of each stage, in the order of stages.";

    public string? WhyNot(StageLayout layout) =>
        layout.Placement.Pipes > 1 ? "Has two pipes, and a model part is on one device: use a placement of one pipe."
        : layout.RolesOfStages.Any(stage => stage.Contains(LayerRole.Prediction))
            ? "Has MTP layers, which torchtitan's decoders have no module for: leave them out."
        : layout.WhyNotOrdered();

    public JsonObject SettingsOf(StageLayout layout)
    {
        var decoder = 0;
        return new()
        {
            ["pipeline_parallel_degree"] = layout.Placement.Devices,
            ["module_fqns_per_model_part"] = new JsonArray([.. layout.RolesOfStages.Select(stage => new JsonArray([.. stage.SelectMany(Modules)]))]),
        };

        IEnumerable<JsonNode> Modules(LayerRole role) => role switch
        {
            LayerRole.Embedding => ["tok_embeddings"],
            LayerRole.Head => ["norm", "output"],
            _ => [$"layers.{decoder++}"],
        };
    }
}
