using System.Buffers;
using System.Globalization;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Formats;

/// <summary>
/// The tasks of JaxPP's <c>BaseSchedule</c> as JSON: by MPMD index the tasks in order. JaxPP adds the communication. Either all backwards
/// are split or none, so a whole backward beside split ones becomes its two halves, one after the other.
/// </summary>
internal sealed class JaxppFormat : IInstructionFormat
{
    public string Name => "jaxpp";

    public string MediaType => "application/json";

    public string FileExtension => "json";

    public string Description =>
        "JSON for a subclass of JaxPP's BaseSchedule (schedulesearch.loaders.jaxpp_schedule): by MPMD index the tasks in order. Carries schedules of one "
        + "pipe in which the first stage's halves of a backward stand side by side or can be brought together without loss, since JaxPP fuses them there. "
        + "The two of an overlapped pair are two tasks, and the metrics say what that costs.";

    public FeatureSet Covers => Carriage.Unpaired;

    public string PartThatNames(IFeature feature) => "A task of JaxPP";

    public FormatRefusal? WhyNot(Timeline timeline)
    {
        var unpaired = Unpaired.Of(timeline);
        var (before, after) = (ScheduleMetrics.Of(unpaired).Objective, ScheduleMetrics.Of(WithFirstStageTogether(unpaired)).Objective);
        return after <= before ? null : new FormatRefusal(
            "$.options.splitBackward",
            "JaxPP fuses the first stage's backward; this schedule keeps its halves apart, and bringing them together would cost time.",
            "Solve with splitBackward: false, or use the format native.");
    }

    public Timeline AsWritten(Timeline timeline) => WithFirstStageTogether(Unpaired.Of(timeline));

    public IReadOnlyList<RuntimeSetting> SettingsFor(Timeline timeline) =>
    [
        new("num_stages", timeline.Schedule.Problem.Stages.ToString(CultureInfo.InvariantCulture)),
        new("mpmd_dim", timeline.Schedule.Problem.Devices.ToString(CultureInfo.InvariantCulture)),
        new("is_partial_bwd", IsSplit(timeline) ? "True" : "False"),
    ];

    public void Write(Timeline timeline, int? rank, IBufferWriter<byte> output)
    {
        timeline = AsWritten(timeline);
        _ = Lowering.Of(timeline);
        var isSplit = IsSplit(timeline);
        var ranks = rank is { } one ? [one] : Enumerable.Range(0, timeline.Schedule.Problem.Devices);
        JsonStream.Write(timeline, this, SettingsFor(timeline), output, json =>
        {
            json.WriteBoolean("is_partial_bwd", isSplit);
            json.WriteArray("tasks", ranks, device => json.WriteArray(TasksOf(device), task =>
            {
                json.WriteStartObject();
                json.WriteNumber("stage_id", task.Stage);
                json.WriteNumber("mubatch_idx", task.Microbatch);
                json.WriteString("task_type", task.Type);
                json.WriteEndObject();
            }));
        });

        IEnumerable<(int Stage, int Microbatch, string Type)> TasksOf(int device) =>
            timeline.Schedule.OperationsOn(device).SelectMany(operation => Tasks(operation, isSplit));
    }

    /// <summary>
    /// The schedule with each weight gradient of the first stage right after its input gradient: nothing waits for either, and memory is
    /// free sooner.
    /// </summary>
    private static Timeline WithFirstStageTogether(Timeline timeline)
    {
        var schedule = timeline.Schedule;
        var first = schedule.Problem.Placement.DeviceOf(0, 0);
        return timeline.WithOrders([.. Enumerable.Range(0, schedule.Problem.Devices).Select(device => OrderOf(device).ToList())]);

        IEnumerable<Operation> OrderOf(int device)
        {
            foreach (var operation in schedule.OperationsOn(device))
            {
                if (device != first || operation is not { Stage: 0, Kind: OperationKind.BackwardInput or OperationKind.BackwardWeight })
                {
                    yield return operation;
                }
                else if (operation.Kind == OperationKind.BackwardInput)
                {
                    yield return operation;
                    yield return operation with { Kind = OperationKind.BackwardWeight };
                }
            }
        }
    }

    private static bool IsSplit(Timeline timeline)
    {
        foreach (var operation in timeline.Graph.Operations)
        {
            if (operation.Kind == OperationKind.BackwardInput) return true;
        }

        return false;
    }

    private static IEnumerable<(int Stage, int Microbatch, string Type)> Tasks(Operation operation, bool isSplit)
    {
        string[] types = operation.Kind switch
        {
            OperationKind.Forward => ["FWD"],
            OperationKind.BackwardInput => ["BWD_I"],
            OperationKind.BackwardWeight => ["BWD_W"],
            OperationKind.Backward when isSplit => ["BWD_I", "BWD_W"],
            OperationKind.Backward => ["BWD"],
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "JaxPP has no such task."),
        };
        return types.Select(type => (operation.Stage, operation.Microbatch, type));
    }
}
