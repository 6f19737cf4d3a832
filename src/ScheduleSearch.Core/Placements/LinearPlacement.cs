namespace ScheduleSearch.Core.Placements;

/// <summary>Stage s on device s.</summary>
internal sealed class LinearPlacement : IPlacementDefinition
{
    public string Name => "linear";

    public string Description => "Stage s on device s; one chunk.";

    public IEnumerable<ShapeFault> Check(PipelineShape shape)
    {
        if (shape.Chunks != 1)
            yield return new("chunks", "The placement linear has one chunk a device: set chunks to 1, or name another placement.");
    }

    public Placement Place(PipelineShape shape) => new(Name, shape.Devices, [.. Enumerable.Range(0, shape.Devices)]);
}
