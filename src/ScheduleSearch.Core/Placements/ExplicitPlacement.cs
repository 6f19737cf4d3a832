using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Placements;

/// <summary>The device of each stage as the request lists it.</summary>
internal sealed class ExplicitPlacement : IPlacementDefinition
{
    private const string Member = "$.profile.pipeline.stageDevices";

    public string Name => "explicit";

    public string Description => "stageDevices names the device of each of the devices x chunks stages.";

    public IEnumerable<ProfileError> Check(PipelineShape shape)
    {
        if (shape.StageDevices is not { } stageDevices)
        {
            yield return new(Member, $"The placement explicit needs the device of each of the {shape.Stages} stages.");
            yield break;
        }

        if (stageDevices.Length != shape.Stages)
        {
            yield return new(Member, $"Has {stageDevices.Length} devices; devices x chunks = {shape.Stages} are needed, one for each stage.");
            yield break;
        }

        for (var stage = 0; stage < stageDevices.Length; stage++)
        {
            if (stageDevices[stage] < 0 || stageDevices[stage] >= shape.Devices)
                yield return new($"{Member}[{stage}]", $"Device {stageDevices[stage]} does not exist: use 0 to {shape.Devices - 1}.");
        }

        if (stageDevices.Length >= shape.Devices && Enumerable.Range(0, shape.Devices).Except(stageDevices).ToList() is [var idle, ..])
            yield return new(Member, $"Device {idle} holds no stage: give it one, or lower devices.");
    }

    public Placement Place(PipelineShape shape) => new(Name, shape.Devices, shape.StageDevices!.Value);
}
