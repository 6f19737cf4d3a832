using System.Buffers;
using System.Globalization;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.TwoPipes;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Formats;

/// <summary>
/// The blocks of nnScaler's <c>SchedulePlan</c> as JSON: stage, direction, microbatch, step and span, in order of step. nnScaler adds the
/// communication after the step in which its producer ends. Every block has a span of one step: nnScaler places the loader of a microbatch at the last
/// step of the block that needs it (<c>_place_dataloader</c> of its <c>schedplan.py</c>), so that a longer block would begin without its sample, and
/// reads nothing but the order off the steps. Halves of a backward that lose nothing by it are fused, since the mirror of a segment is the whole
/// backward.
/// </summary>
internal sealed class NnScalerFormat : IInstructionFormat
{
    public string Name => "nnscaler";

    public string MediaType => "application/json";

    public string FileExtension => "json";

    public string Description =>
        "JSON for nnScaler's SchedulePlan (schedulesearch.loaders.nnscaler_plan): one entry for each add_segment, in order of step. Carries schedules of "
        + "one pipe whose backwards are fused, or can be without loss. The two of an overlapped pair run one after the other, and the metrics say what "
        + "that costs.";

    public FeatureSet Covers => Carriage.Unpaired;

    public string PartThatNames(IFeature feature) => feature.Name == TwoPipesFeature.Id ? "A segment of nnScaler" : "A block of nnScaler";

    public FormatRefusal? WhyNot(Timeline timeline) =>
        Carriage.MicrobatchesInOrder(timeline, "nnScaler's devices each take the next sample of their own data.", operation => operation.IsForward)
        ?? Carriage.WholeBackwards(AsWritten(timeline), "nnScaler");

    public Timeline AsWritten(Timeline timeline) => BackwardMerge.Of(Unpaired.Of(timeline));

    public IReadOnlyList<RuntimeSetting> SettingsFor(Timeline timeline) =>
    [
        new("num_stages", timeline.Schedule.Problem.Stages.ToString(CultureInfo.InvariantCulture)),
        new("num_microbatches", timeline.Schedule.Problem.Microbatches.ToString(CultureInfo.InvariantCulture)),
    ];

    public void Write(Timeline timeline, int? rank, IBufferWriter<byte> output)
    {
        var fused = AsWritten(timeline);
        _ = Lowering.Of(fused);
        var steps = new SegmentSteps(fused);
        var blocks = Enumerable.Range(0, fused.Graph.Count)
            .Where(operation => rank is null || fused.Graph.DeviceOf(operation) == rank)
            .OrderBy(steps.StepOf).ThenBy(operation => fused.Graph.Operations[operation].Stage);
        JsonStream.Write(fused, this, SettingsFor(timeline), output, json => json.WriteArray("blocks", blocks, block =>
        {
            var operation = fused.Graph.Operations[block];
            json.WriteStartObject();
            json.WriteNumber("stage", operation.Stage);
            json.WriteBoolean("mirror", operation.Kind == OperationKind.Backward);
            json.WriteNumber("microbatch", operation.Microbatch);
            json.WriteNumber("step", steps.StepOf(block));
            json.WriteNumber("span", 1);
            json.WriteEndObject();
        }));
    }
}
