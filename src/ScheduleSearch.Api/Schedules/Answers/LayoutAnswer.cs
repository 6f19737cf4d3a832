using System.Text.Json.Nodes;
using ScheduleSearch.Core.Features.Layers.Layouts;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>The layers of each stage, as a runtime is told them.</summary>
/// <param name="Id">The id of the schedule of stages that has them: an alternative's.</param>
/// <param name="Format">The name of the format.</param>
/// <param name="Placement">The placement of the stages.</param>
/// <param name="Stages">The stages, in the order in which forwards pass them.</param>
/// <param name="Settings">The settings of the runtime, by name.</param>
internal sealed record LayoutAnswer(string Id, string Format, string Placement, IReadOnlyList<StageLayersAnswer> Stages, JsonObject Settings)
{
    public static LayoutAnswer Of(string id, StageLayout layout, ILayoutFormat format)
    {
        var (stages, first) = (new List<StageLayersAnswer>(), 0);
        foreach (var (stage, layers) in layout.Stages.Index())
        {
            var devices = Enumerable.Range(0, layout.Placement.Pipes).Select(pipe => layout.Placement.DeviceOf(pipe, stage));
            stages.Add(new StageLayersAnswer(stage, [.. devices], first, layers.Length, [.. layers.Select(layer => layer.Name).Distinct()]));
            first += layers.Length;
        }

        return new(id, format.Name, layout.Placement.Name, stages, format.SettingsOf(layout));
    }
}
