using System.Text;
using System.Text.Json.Nodes;

namespace ScheduleSearch.Core.Features.Layers.Layouts;

/// <summary>
/// Megatron Core's custom pipeline layout (<c>docs/api-guide/pipeline_parallel_layout.md</c> there): a letter for each layer, a bar between stages, in the
/// order of the model, so that stage chunk x devices + rank is the chunk of that rank.
/// </summary>
internal sealed class MegatronLayout : ILayoutFormat
{
    /// <summary>Letters from which on a number stands for them.</summary>
    private const int LeastRun = 3;

    public string Name => "megatron";

    public string Description =>
        "Arguments of Megatron-LM: --pipeline-model-parallel-layout with a letter for each layer (E embedding, t decoder, m MTP, L head).";

    public string? WhyNot(StageLayout layout)
    {
        var placement = layout.Placement;
        for (var stage = 0; stage < placement.Stages; stage++)
        {
            if (placement.Pipes > 1 || placement.DeviceOf(0, stage) != stage % placement.Devices)
            {
                return $"Stage {stage} is not on device {stage % placement.Devices}, and Megatron deals its stages out in turn: use the placement linear or "
                    + "interleaved.";
            }
        }

        return layout.WhyNotOrdered();
    }

    public JsonObject SettingsOf(StageLayout layout)
    {
        var roles = layout.RolesOfStages.ToList();
        var settings = new JsonObject
        {
            ["--num-layers"] = roles.Sum(stage => stage.Count(role => role == LayerRole.Decoder)),
            ["--pipeline-model-parallel-size"] = layout.Placement.Devices,
            ["--pipeline-model-parallel-layout"] = string.Join('|', roles.Select(Letters)),
        };
        if (roles.Sum(stage => stage.Count(role => role == LayerRole.Prediction)) is > 0 and var predictions) settings["--mtp-num-layers"] = predictions;
        return settings;
    }

    private static string Letters(LayerRole[] roles)
    {
        var text = new StringBuilder();
        for (int place = 0, run; place < roles.Length; place += run)
        {
            var role = roles[place];
            run = roles.Skip(place).TakeWhile(other => other == role).Count();
            var letter = role switch { LayerRole.Embedding => 'E', LayerRole.Prediction => 'm', LayerRole.Head => 'L', _ => 't' };
            if (run < LeastRun) text.Append(letter, run);
            else text.Append(letter).Append('*').Append(run);
            // A number is followed by what it does not stand for.
            if (run >= LeastRun && place + run < roles.Length) text.Append(',');
        }

        return text.ToString();
    }
}
