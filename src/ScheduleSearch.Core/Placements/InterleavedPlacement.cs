namespace ScheduleSearch.Core.Placements;

/// <summary>Stage s on device s mod p: the looped placement of Megatron-LM's virtual stages.</summary>
internal sealed class InterleavedPlacement : IPlacementDefinition
{
    public string Name => "interleaved";

    public string Description => "Stage s on device s mod p; any number of chunks.";

    public IEnumerable<ShapeFault> Check(PipelineShape shape) => [];

    public Placement Place(PipelineShape shape) =>
        new(Name, shape.Devices, [.. Enumerable.Range(0, (int)shape.Stages).Select(stage => stage % shape.Devices)]);
}
