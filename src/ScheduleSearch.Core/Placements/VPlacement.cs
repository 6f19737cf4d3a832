namespace ScheduleSearch.Core.Placements;

/// <summary>Device d holds stages d and 2p-1-d: down the devices and back up, the turn without a message.</summary>
internal sealed class VPlacement : IPlacementDefinition
{
    public string Name => "v";

    public string Description => "Device d holds stages d and 2p-1-d; two chunks.";

    public IEnumerable<ShapeFault> Check(PipelineShape shape)
    {
        if (shape.Chunks != 2) yield return new("chunks", "The placement v has two chunks a device: set chunks to 2.");
    }

    public Placement Place(PipelineShape shape)
    {
        var down = Enumerable.Range(0, shape.Devices);
        return new(Name, shape.Devices, [.. down, .. down.Reverse()]);
    }
}
