using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Placements;

/// <summary>A named way to place stages on devices.</summary>
public interface IPlacementDefinition
{
    /// <summary>The name that requests give it.</summary>
    string Name { get; }

    /// <summary>What it does, in one sentence.</summary>
    string Description { get; }

    /// <summary>What a shape must change to be placed so; empty when nothing. Devices and chunks are positive.</summary>
    IEnumerable<ProfileError> Check(PipelineShape shape);

    /// <summary>The map for a shape that passes <see cref="Check"/>.</summary>
    Placement Place(PipelineShape shape);
}

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
