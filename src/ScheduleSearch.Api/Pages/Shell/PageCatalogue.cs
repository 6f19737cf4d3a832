using MudBlazor;

namespace ScheduleSearch.Api.Pages.Shell;

/// <summary>The navigation: a new page is a component and a line here.</summary>
internal static class PageCatalogue
{
    /// <summary>The groups, in the order in which one comes to need them.</summary>
    public static IReadOnlyList<PageGroup> Groups { get; } =
    [
        new("Search",
        [
            new("Estimate", "/ui/estimate", Icons.Material.Filled.Calculate),
            new("New schedule", "/", Icons.Material.Filled.AddChart, IsExact: true),
            new("Plan", "/ui/plan", Icons.Material.Filled.Layers),
            new("Sweep", "/ui/sweeps", Icons.Material.Filled.ScatterPlot),
            new("History", "/ui/schedules", Icons.Material.Filled.History),
        ]),
        new("Judge",
        [
            new("Compare", "/ui/compare", Icons.Material.Filled.CompareArrows),
            new("Trace", "/ui/trace", Icons.Material.Filled.Timeline),
        ]),
        new("Reference",
        [
            new("API", "/swagger", Icons.Material.Filled.Api),
        ]),
    ];
}
