namespace ScheduleSearch.Core.Features.Layers.Layouts;

/// <summary>Every layout format there is: a new one is a new file and a line here.</summary>
public static class LayoutCatalogue
{
    /// <summary>The formats, the plain one first.</summary>
    public static IReadOnlyList<ILayoutFormat> All { get; } = [new LayerCounts(), new MegatronLayout(), new TorchTitanLayout(), new NemoLayout()];

    /// <summary>The format of a name; null when there is none.</summary>
    public static ILayoutFormat? Find(string name) => All.FirstOrDefault(format => format.Name == name);
}
