using System.Collections.Immutable;
namespace ScheduleSearch.Core.Placements;

/// <summary>
/// Down the devices and back up, as often as the chunks allow: stage s stands on device s mod p when s div p is even, else on p-1-(s mod p). At
/// every turn two stages share a device, so that no message is needed. With two chunks it is the placement v. Source: Liu et al., Hanayo,
/// arXiv:2308.15762.
/// </summary>
internal sealed class WavePlacement : IPlacementDefinition
{
    public string Name => "wave";

    public string Description => "Down the devices and back up in waves of two chunks; any even number of chunks.";

    public IEnumerable<ShapeFault> Check(PipelineShape shape)
    {
        if (shape.Chunks % 2 != 0)
            yield return new("chunks", $"A wave has two chunks a device, so the placement wave has an even number of them: set chunks to {shape.Chunks + 1}.");
    }

    public Placement Place(PipelineShape shape)
    {
        var down = Enumerable.Range(0, shape.Devices).ToImmutableArray();
        ImmutableArray<int> wave = [.. down, .. down.Reverse()];
        return new Placement(Name, shape.Devices, [.. Enumerable.Repeat(wave, shape.Chunks / 2).SelectMany(devices => devices)]);
    }
}
