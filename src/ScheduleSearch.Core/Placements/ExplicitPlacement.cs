using System.Collections.Immutable;
namespace ScheduleSearch.Core.Placements;

/// <summary>The device of each stage as the request lists it.</summary>
internal sealed class ExplicitPlacement : IPlacementDefinition
{
    /// <summary>The name of the placement.</summary>
    public const string Word = "explicit";

    private const int MostPipes = 2;
    private const string Member = "stageDevices";

    public string Name => Word;

    public string Description =>
        "stageDevices names the device of each stage, of which devices may hold unequal numbers, or of those of two pipes in two lists.";

    public IEnumerable<ShapeFault> Check(PipelineShape shape)
    {
        if (shape.StageDevices is not { } stageDevices)
        {
            yield return new(Member, "The placement explicit needs the device of each stage.");
            yield break;
        }

        if (WhyNotCounted(shape, stageDevices.Length) is { } miscounted)
        {
            yield return new(Member, miscounted);
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

    /// <summary>What is wrong with the number of entries.</summary>
    private static string? WhyNotCounted(PipelineShape shape, int entries)
    {
        if (entries == 0) return "Has no entry: name the device of each stage.";
        if (shape.StagesListed is not null && entries != MostPipes * shape.Stages)
            return "Has lists that are not two of equal length: give one list, or two lists of the same stages for two pipes.";
        return shape.Chunks == 1 || shape.Stages == shape.Regular
            ? null
            : $"Has {entries} entries, one for each stage; devices x chunks = {shape.Regular}: leave chunks out, or give {shape.Regular} entries, "
                + $"or {MostPipes * shape.Regular} for two pipes.";
    }

    public Placement Place(PipelineShape shape) =>
        new(Name, shape.Devices, [.. shape.StageDevices!.Value.Chunk((int)shape.Stages).Select(pipe => pipe.ToImmutableArray())]);
}
