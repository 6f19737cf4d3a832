using System.Buffers;
using System.Globalization;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Optimizer;
using ScheduleSearch.Core.Instructions.MegatronZeroBubble;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Formats;

/// <summary>
/// The node lists of the zero-bubble runtime (sail-sg's fork of Megatron-LM) as JSON: by rank the nodes with the members of its
/// <c>ScheduledNode</c>. Where the objective is the span, the optimizer's post-validation is part of the lists, if its rules can be met; where the profile
/// has the optimizer's steps with post-validation, it always is. The runtime has no node of a step: a rank steps when it has run its list.
/// </summary>
internal sealed class MegatronZeroBubbleFormat : IInstructionFormat
{
    private const string Counts = "The zero-bubble runtime keeps activations, gradients and pending weight gradients in queues, first in, first out.";

    public string Name => "megatron-zb";

    public string MediaType => "application/json";

    public string FileExtension => "json";

    public string Description =>
        "JSON node lists for the zero-bubble runtime of sail-sg/zero-bubble-pipeline-parallelism: operations, sends and receives of each rank, "
        + "each with every member of its ScheduledNode. Problems whose objective is span get the nodes of the optimizer's post-validation and the "
        + "rollback marks that go with them, where a rank can validate in time, and so do optimizer steps with postValidation, which a rank carries out "
        + "after all else. Carries schedules of one pipe on two devices or more, placed "
        + "linear, interleaved or v; slices of one length whose backwards are fused; and activations that are recomputed where a device has several "
        + "chunks. The two of an overlapped pair run one after the other, and the metrics say what that costs.";

    public FeatureSet Covers { get; } = [OptimizerFeature.Id, .. Carriage.OneRoute];

    public string PartThatNames(IFeature feature) => "A node of the zero-bubble runtime";

    public FormatRefusal? WhyNotPlaced(Placement placement) =>
        placement.Devices == 1 ? new FormatRefusal(
            "$.profile.pipeline.devices", "The zero-bubble runtime needs a pipeline of two ranks or more.", "Use two devices or more, or the format native.")
        // What else may be wrong with two pipes is said of these.
        : placement.Pipes > 1 ? null
        : !Carriage.IsEven(placement) ? new FormatRefusal(
            "$.profile.pipeline.stageDevices",
            "The zero-bubble runtime gives every rank the same number of model chunks.",
            "Give every device as many stages, on the placement linear, interleaved or v, or use the format native.")
        : Carriage.IsLoop(placement) || Carriage.IsV(placement) ? null : new FormatRefusal(
            "$.profile.pipeline.placement",
            "The zero-bubble runtime exchanges messages with the next and the previous rank only, and hands over within a rank at the turn of a V only.",
            "Use the placement linear, interleaved or v, or the format native.");

    public FormatRefusal? WhyNot(Timeline timeline)
    {
        var placement = timeline.Schedule.Problem.Placement;
        return WhyNotSliced(timeline)
            ?? (placement.Stages > placement.Devices || !Carriage.Restores(timeline) ? null : new FormatRefusal(
                "$.profile.recompute",
                "The zero-bubble runtime keeps what it recomputes by virtual chunk, and has none where a device holds one stage.",
                "Use the placement interleaved or v, leave profile.recompute out, or use the format native."))
            ?? WhyNotUpdated(timeline)
            ?? Carriage.MicrobatchesInOrder(timeline, Counts, operation => operation.Facts.Role != OperationRole.Update);
    }

    public Timeline AsWritten(Timeline timeline) => StepsLast(Unpaired.Of(timeline));

    public IReadOnlyList<RuntimeSetting> SettingsFor(Timeline timeline) => SettingsOfWritten(AsWritten(timeline));

    public void Write(Timeline timeline, int? rank, IBufferWriter<byte> output)
    {
        timeline = AsWritten(timeline);
        var ranks = NodeLists.Of(timeline);
        var validates = HasPostValidation(timeline, ranks);
        JsonStream.Write(timeline, this, SettingsFor(timeline, validates), output, json =>
        {
            var nodes = new NodeWriter(json, timeline.Schedule.Problem.TimeScale);
            json.WriteBoolean("postValidation", validates);
            json.WriteArray("stages", rank is { } one ? [ranks[one]] : ranks, list => json.WriteArray(list, node => nodes.Write(node)));
        });
    }

    private static FormatRefusal? WhyNotSliced(Timeline timeline)
    {
        var problem = timeline.Schedule.Problem;
        if (problem.SliceCount == 1) return null;
        // Its messages have one shape, that of a slice.
        if (problem.Shares.Activation.Distinct().Count() > 1 || problem.Shares.Lengths.Distinct().Count() > 1)
            return new(
                "$.profile.slices", "The zero-bubble runtime cuts a sequence in slices of one length.",
                "Cut the sequence evenly, or use the format native.");
        // At its end it clears the pending weight gradients of one slice and forgets those of the others.
        return Carriage.WholeBackwards(timeline, "With slices, the zero-bubble runtime");
    }

    private FormatRefusal? WhyNotUpdated(Timeline timeline)
    {
        var problem = timeline.Schedule.Problem;
        if (problem.Profile.Optimizer is null) return null;
        if (!problem.ValidatesAfterwards)
            return new(
                "$.profile.optimizer.postValidation",
                "The zero-bubble runtime has nodes of the optimizer with post-validation only, and else steps when all ranks have run their lists.",
                "Set optimizer.postValidation to true, leave profile.optimizer out, or use the format native.");
        var written = AsWritten(timeline);
        return HasPostValidation(written, NodeLists.Of(written)) ? null : new(
            "$.profile.optimizer.postValidation",
            "A rank of the zero-bubble runtime would have to validate the last step before its first forward of this schedule.",
            "Leave profile.optimizer out, or use the format native.");
    }

    /// <summary>The timeline with each rank's steps after all else that it does, replayed.</summary>
    private static Timeline StepsLast(Timeline timeline)
    {
        var schedule = timeline.Schedule;
        if (!schedule.Problem.ValidatesAfterwards) return timeline;
        var orders = Enumerable.Range(0, schedule.Problem.Devices).Select(device => schedule.OperationsOn(device).ToList()).ToList();
        var written = orders.ConvertAll(order => order.OrderBy(operation => operation.Kind == OperationKind.OptimizerStep).ToList());
        return orders.Zip(written).All(pair => pair.First.SequenceEqual(pair.Second)) ? timeline : timeline.WithOrders(written);
    }

    private static List<RuntimeSetting> SettingsOfWritten(Timeline timeline) => SettingsFor(timeline, HasPostValidation(timeline, NodeLists.Of(timeline)));

    private static bool HasPostValidation(Timeline timeline, List<ScheduledNode>[] ranks) =>
        (timeline.Schedule.Problem.Objective == Objective.Span || timeline.Schedule.Problem.ValidatesAfterwards)
        && PostValidation.TryAddTo(timeline, ranks);

    private static List<RuntimeSetting> SettingsFor(Timeline timeline, bool validates)
    {
        var problem = timeline.Schedule.Problem;
        List<RuntimeSetting> settings =
        [
            new("--pipeline-model-parallel-size", problem.Devices.ToString(CultureInfo.InvariantCulture)),
            new("number of microbatches", problem.Microbatches.ToString(CultureInfo.InvariantCulture)),
            new("layer groups", problem.Stages.ToString(CultureInfo.InvariantCulture)),
        ];
        if (Carriage.IsV(problem.Placement)) settings.Add(new("--zero-bubble-v-schedule", ""));
        else if (problem.Stages == problem.Devices) settings.Add(new("--enable-zero-bubble", ""));
        if (problem.SliceCount > 1) settings.Add(new("--num-seq-splits", problem.SliceCount.ToString(CultureInfo.InvariantCulture)));
        if (validates) settings.Add(new("--enable-optimizer-post-validation", ""));
        return settings;
    }
}
