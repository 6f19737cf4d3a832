using System.Text.Json.Nodes;

namespace ScheduleSearch.Core.Features.Layers.Layouts;

/// <summary>
/// The settings of NeMo and Megatron for splits that are even but for the first and the last rank, whose decoder layers are given by number and shared evenly
/// by the rank's stages.
/// </summary>
internal sealed class NemoLayout : ILayoutFormat
{
    public string Name => "nemo";

    public string Description =>
        "num_layers_in_first_pipeline_stage and num_layers_in_last_pipeline_stage of NeMo, which are --decoder-first-pipeline-num-layers and "
        + "--decoder-last-pipeline-num-layers of Megatron-LM: for splits that are even but for the first and the last rank.";

    public string? WhyNot(StageLayout layout)
    {
        if (new MegatronLayout().WhyNot(layout) is { } reason) return reason;
        var (decoders, devices) = (Decoders(layout), layout.Placement.Devices);
        for (var stage = 0; stage < decoders.Length; stage++)
        {
            if (decoders[stage] != decoders[stage % devices])
                return $"Stages of device {stage % devices} have unequal numbers of decoder layers, which these settings cannot say: use the format megatron.";
        }

        return decoders.Take(devices).Skip(1).SkipLast(1).Distinct().Count() > 1
            ? "Devices between the first and the last have unequal numbers of decoder layers, which these settings cannot say: use the format megatron."
            : null;
    }

    public JsonObject SettingsOf(StageLayout layout)
    {
        var (decoders, devices) = (Decoders(layout), layout.Placement.Devices);
        var chunks = decoders.Length / devices;
        var settings = new JsonObject { ["num_layers"] = decoders.Sum(), ["pipeline_model_parallel_size"] = devices };
        if (chunks > 1) settings["virtual_pipeline_model_parallel_size"] = chunks;
        // Without them the layers are shared evenly.
        if (decoders.Distinct().Count() == 1) return settings;
        settings["num_layers_in_first_pipeline_stage"] = chunks * decoders[0];
        settings["num_layers_in_last_pipeline_stage"] = chunks * decoders[devices - 1];
        return settings;
    }

    private static int[] Decoders(StageLayout layout) => [.. layout.RolesOfStages.Select(stage => stage.Count(role => role == LayerRole.Decoder))];
}
