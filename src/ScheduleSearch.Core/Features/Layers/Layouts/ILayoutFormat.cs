using System.Text.Json.Nodes;

namespace ScheduleSearch.Core.Features.Layers.Layouts;

/// <summary>How a runtime is told the layers of each stage.</summary>
public interface ILayoutFormat
{
    /// <summary>The name that requests give it.</summary>
    string Name { get; }

    /// <summary>Which runtime reads it, and where it is documented.</summary>
    string Description { get; }

    /// <summary>Why it cannot say a layout, and the fix; null when it can.</summary>
    string? WhyNot(StageLayout layout);

    /// <summary>The settings of the runtime, by name. Only of a layout that it can say.</summary>
    JsonObject SettingsOf(StageLayout layout);
}
