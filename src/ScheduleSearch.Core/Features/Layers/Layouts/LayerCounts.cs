using System.Text.Json.Nodes;

namespace ScheduleSearch.Core.Features.Layers.Layouts;

/// <summary>The number of layers of each stage.</summary>
internal sealed class LayerCounts : ILayoutFormat
{
    public string Name => "counts";

    public string Description => "The number of layers of each stage, in the order of stages, as pipeline.split takes it.";

    public string? WhyNot(StageLayout layout) => null;

    public JsonObject SettingsOf(StageLayout layout) => new()
    {
        ["split"] = new JsonArray([.. layout.Stages.Select(stage => JsonValue.Create(stage.Length))]),
    };
}
