namespace ScheduleSearch.Core.Placements;

/// <summary>A named way to place stages on devices.</summary>
public interface IPlacementDefinition
{
    /// <summary>The name that requests give it.</summary>
    string Name { get; }

    /// <summary>What it does, in one sentence.</summary>
    string Description { get; }

    /// <summary>What a shape must change to be placed so, by its members; empty when nothing. Devices and chunks are positive.</summary>
    IEnumerable<ShapeFault> Check(PipelineShape shape);

    /// <summary>The map for a shape that passes <see cref="Check"/>.</summary>
    Placement Place(PipelineShape shape);
}
