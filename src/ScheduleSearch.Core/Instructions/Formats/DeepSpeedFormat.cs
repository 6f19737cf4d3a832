using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Instructions.DeepSpeed;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Formats;

/// <summary>
/// The steps of DeepSpeed's <c>PipeSchedule</c> as JSON: by stage and step the names of its instructions and the buffers that they work on.
/// Halves of a backward that lose nothing by it are fused, since DeepSpeed's backward is whole.
/// </summary>
internal sealed class DeepSpeedFormat : IInstructionFormat
{
    public string Name => "deepspeed";

    public string MediaType => "application/json";

    public string FileExtension => "json";

    public string Description =>
        "JSON for a subclass of DeepSpeed's PipeSchedule (schedulesearch.loaders.deepspeed_schedule): by stage the steps with their instructions and "
        + "buffers. Carries schedules of one stage a rank whose backwards are fused, or can be without loss, and on the last stage each right after its "
        + "forward, whose loss is the only one that the engine keeps. The two of an overlapped pair run one after the other, and the metrics say what "
        + "that costs.";

    public FeatureSet Covers => Carriage.Unpaired;

    public string PartThatNames(IFeature feature) => "A pipe instruction of DeepSpeed";

    public FormatRefusal? WhyNotPlaced(Placement placement)
    {
        if (placement.Pipes > 1 || placement.Stages != placement.Devices)
            return new FormatRefusal(
                "$.profile.pipeline.chunks", "DeepSpeed's PipeSchedule has one stage a rank.",
                "Use one chunk and the placement linear, or the format native.");
        return Carriage.IsLoop(placement)
            ? null
            : new FormatRefusal("$.profile.pipeline.placement", "DeepSpeed places stage s on rank s.", "Use the placement linear, or the format native.");
    }

    public FormatRefusal? WhyNot(Timeline timeline)
    {
        var last = timeline.Schedule.Problem.Stages - 1;
        return Carriage.MicrobatchesInOrder(
                timeline,
                "DeepSpeed's first and last stage each take the next sample of their own data.",
                operation => operation.IsForward && (operation.Stage == 0 || operation.Stage == last))
            ?? Carriage.WholeBackwards(AsWritten(timeline), "DeepSpeed")
            ?? WhyNotOneLoss(AsWritten(timeline));
    }

    /// <summary>The engine's backward of the last stage starts from the loss of the last forward there (<c>self.loss</c> of its pipe engine).</summary>
    private static FormatRefusal? WhyNotOneLoss(Timeline written) => LossesInTurn.Holds(written.Schedule)
        ? null
        : new FormatRefusal(
            "$.options.family",
            "DeepSpeed's engine keeps one loss: on the last stage the backward of a microbatch has to follow its own forward, and this schedule has another "
            + "forward between them.",
            "Ask for the family 1f1b or eager-1f1b, solve without a family and with splitBackward: false, or use the format native.");

    public Timeline AsWritten(Timeline timeline) => BackwardMerge.Of(Unpaired.Of(timeline));

    public IReadOnlyList<RuntimeSetting> SettingsFor(Timeline timeline) =>
    [
        new("num_stages", timeline.Schedule.Problem.Stages.ToString(CultureInfo.InvariantCulture)),
        new("gradient_accumulation_steps", timeline.Schedule.Problem.Microbatches.ToString(CultureInfo.InvariantCulture)),
    ];

    public void Write(Timeline timeline, int? rank, IBufferWriter<byte> output)
    {
        var fused = AsWritten(timeline);
        var stages = PipeStages.Of(fused);
        JsonStream.Write(fused, this, SettingsFor(timeline), output, json =>
            json.WriteArray("stages", rank is { } one ? [stages[one]] : stages, stage => WriteStage(json, stage)));
    }

    private static void WriteStage(Utf8JsonWriter json, PipeStage stage)
    {
        json.WriteStartObject();
        json.WriteNumber("num_pipe_buffers", stage.Buffers);
        json.WriteArray("steps", stage.Steps, step => json.WriteArray(step, instruction =>
        {
            json.WriteStartObject();
            json.WriteString("name", instruction.Name);
            if (instruction.Buffer is { } buffer) json.WriteNumber("buffer_id", buffer);
            json.WriteEndObject();
        }));
        json.WriteEndObject();
    }
}
