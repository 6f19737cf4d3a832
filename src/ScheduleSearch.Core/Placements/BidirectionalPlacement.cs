using System.Collections.Immutable;
namespace ScheduleSearch.Core.Placements;

/// <summary>
/// Two pipes, one each way, each with its own replica of the weights: stage s stands on device s in the first pipe and on p-1-s in the
/// second. With two chunks each pipe is a V, from either end. The placement of Chimera and DualPipe, and of BitPipe.
/// </summary>
internal sealed class BidirectionalPlacement : IPlacementDefinition
{
    public string Name => "bidirectional";

    public string Description => "Two replicas of the weights, one pipe each way; with two chunks each pipe is a V. A microbatch runs down one of them.";

    public IEnumerable<ShapeFault> Check(PipelineShape shape)
    {
        if (shape.Chunks > 2)
            yield return new("chunks", "The placement bidirectional has one chunk a device in each pipe, or two in a V: set chunks to 1 or 2.");
        if (shape.Devices == 1)
            yield return new("devices", "Two pipes need two devices or more: set devices to 2 or more, or use the placement linear.");
    }

    public Placement Place(PipelineShape shape)
    {
        var down = Enumerable.Range(0, shape.Devices).ToImmutableArray();
        ImmutableArray<int> up = [.. down.Reverse()];
        return shape.Chunks == 1
            ? new Placement(Name, shape.Devices, down, up)
            : new Placement(Name, shape.Devices, [.. down, .. up], [.. up, .. down]);
    }
}
