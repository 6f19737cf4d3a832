namespace ScheduleSearch.Core.Placements;

/// <summary>Every placement there is: a new one is a new file and a line here.</summary>
public static class PlacementCatalogue
{
    /// <summary>The placements, in the order in which they are offered.</summary>
    public static IReadOnlyList<IPlacementDefinition> All { get; } =
    [
        new LinearPlacement(),
        new InterleavedPlacement(),
        new VPlacement(),
        new WavePlacement(),
        new BidirectionalPlacement(),
        new ExplicitPlacement(),
    ];

    /// <summary>The placement of a name; null when there is none.</summary>
    public static IPlacementDefinition? Find(string name) => All.FirstOrDefault(definition => definition.Name == name);
}
