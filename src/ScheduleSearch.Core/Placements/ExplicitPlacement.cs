using System.Collections.Immutable;
namespace ScheduleSearch.Core.Placements;

/// <summary>The device of each stage as the request lists it.</summary>
internal sealed class ExplicitPlacement : IPlacementDefinition
{
    private const int MostPipes = 2;
    private const string Member = "stageDevices";

    public string Name => "explicit";

    public string Description => "stageDevices names the device of each of the devices x chunks stages, or of those of two pipes in two lists.";

    public IEnumerable<ShapeFault> Check(PipelineShape shape)
    {
        if (shape.StageDevices is not { } stageDevices)
        {
            yield return new(Member, $"The placement explicit needs the device of each of the {shape.Stages} stages.");
            yield break;
        }

        if (stageDevices.Length != shape.Stages && stageDevices.Length != MostPipes * shape.Stages)
        {
            yield return new(
                Member,
                $"Has {stageDevices.Length} devices; devices x chunks = {shape.Stages} are needed, one for each stage, "
                + $"or {MostPipes * shape.Stages} for two pipes.");
            yield break;
        }

        for (var stage = 0; stage < stageDevices.Length; stage++)
        {
            if (stageDevices[stage] < 0 || stageDevices[stage] >= shape.Devices)
                yield return new($"{Member}[{stage}]", $"Device {stageDevices[stage]} does not exist: use 0 to {shape.Devices - 1}.");
        }

        foreach (var pipe in stageDevices.Chunk((int)shape.Stages))
        {
            if (Enumerable.Range(0, shape.Devices).Except(pipe).ToList() is not [var idle, ..]) continue;
            yield return new(Member, $"Device {idle} holds no stage{(stageDevices.Length > shape.Stages ? " of a pipe" : "")}: give it one, or lower devices.");
            yield break;
        }
    }

    public Placement Place(PipelineShape shape) =>
        new(Name, shape.Devices, [.. shape.StageDevices!.Value.Chunk((int)shape.Stages).Select(pipe => pipe.ToImmutableArray())]);
}
