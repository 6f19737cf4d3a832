using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.PyTorch;

/// <summary>How PyTorch names what a schedule does, and what both of its CSVs have in common.</summary>
internal static class PyTorchActions
{
    /// <summary>What would have to name a feature that PyTorch cannot be told of.</summary>
    public const string PartThatNames = "An action of torch.distributed.pipelining";

    /// <summary>The cell of an operation.</summary>
    public static CsvCell Of(Operation operation) => new(operation.Stage, Letter(operation.Kind), operation.Microbatch);

    /// <summary>The cells of a rank's instructions: one for each, but one for the two of an overlapped pair.</summary>
    public static CsvCell Of((Instruction First, Instruction? Second) group) =>
        group.Second is { Operation: var backward }
            ? new(group.First.Operation.Stage, "F", group.First.Operation.Microbatch) { Backward = (backward.Stage, backward.Microbatch) }
            : Of(group.First);

    /// <summary>The cell of an instruction. A transfer names the stage of the rank that carries it out.</summary>
    public static CsvCell Of(Instruction instruction)
    {
        var operation = instruction.Operation;
        var isForward = operation.IsForward;
        return instruction.Kind switch
        {
            InstructionKind.Send => new(operation.Stage, isForward ? "SEND_F" : "SEND_B", operation.Microbatch),
            InstructionKind.Receive when isForward => new(operation.Stage + 1, "RECV_F", operation.Microbatch),
            InstructionKind.Receive => new(operation.Stage - 1, "RECV_B", operation.Microbatch),
            _ => Of(operation),
        };
    }

    /// <summary>Why PyTorch cannot carry a schedule; null when it can.</summary>
    public static FormatRefusal? WhyNot(Timeline timeline)
    {
        var last = timeline.Schedule.Problem.Stages - 1;
        return Carriage.MicrobatchesInOrder(
            timeline,
            "torch.distributed.pipelining finds the loss of a microbatch by counting the forwards of the last stage.",
            operation => operation.IsForward && operation.Stage == last);
    }

    /// <summary>The schedule as both CSVs tell it: backwards fused where that costs nothing, and pairs for the releases that know them.</summary>
    public static Timeline AsWritten(Timeline timeline, PyTorchVersion version) => BackwardMerge.Of(version.HasPairs ? timeline : Unpaired.Of(timeline));

    /// <summary>
    /// The settings of torchtitan and of PipelineStage that make the stages stand where the rows say. torchtitan's are those of its
    /// <c>ParallelismConfig</c>: it builds two stages on each rank for a schedule of several unless the layers of a stage say otherwise.
    /// </summary>
    public static IReadOnlyList<RuntimeSetting> SettingsFor(Timeline timeline, PyTorchVersion version)
    {
        var hasPairs = version.HasPairs && Unpaired.HasPairs(timeline);
        var problem = timeline.Schedule.Problem;
        var chunks = problem.Placement.StagesOn(0).Length;
        var schedule = (Carriage.IsLoop(problem.Placement), Carriage.IsV(problem.Placement), chunks) switch
        {
            (true, _, 1) => "1F1B",
            (true, _, _) => "Interleaved1F1B",
            (_, true, _) => hasPairs ? "DualPipeV" : "ZBVZeroBubble",
            _ => null,
        };
        List<RuntimeSetting> settings = [new("num_stages", Text(problem.Stages)), new("n_microbatches", Text(problem.Microbatches))];
        if (schedule is not null) settings.AddRange(OfTorchtitan(problem, schedule, chunks));
        settings.Add(new("stage order", (schedule, chunks) switch
        {
            (null, _) => "own: build each rank's PipelineStages as placement.ranksOfStages says",
            ("ZBVZeroBubble" or "DualPipeV", _) => "v",
            _ => "loop",
        }));
        if (schedule is null) settings.Add(new("stage_index_to_group_rank", RanksOf(problem.Placement)));
        // The times of a schedule with pairs are those of pairs that do overlap.
        if (hasPairs)
        {
            settings.Add(new(
                "OVERLAP_F_B", "a function of your own, by register_custom_function, that overlaps the two; without one they run one after the other"));
        }

        return settings;
    }

    private static IEnumerable<RuntimeSetting> OfTorchtitan(Problem problem, string schedule, int chunks)
    {
        const int ChunksByDefault = 2;
        yield return new("parallelism.pipeline_parallel_degree", Text(problem.Devices));
        yield return new("parallelism.num_pp_microbatches", Text(problem.Microbatches));
        yield return new("parallelism.pipeline_parallel_schedule", schedule);
        yield return new("parallelism.pipeline_parallel_schedule_csv", "the path of the stream, in the format pytorch");
        if (chunks <= ChunksByDefault) yield break;
        yield return new(
            "parallelism.pipeline_parallel_layers_per_stage",
            $"(layers + pipeline_parallel_first_stage_less_layers + pipeline_parallel_last_stage_less_layers) / {Text(problem.Stages)}, rounded up");
    }

    /// <summary>The rank of each stage as a dictionary of Python.</summary>
    private static string RanksOf(Placement placement) =>
        $"{{{string.Join(", ", Enumerable.Range(0, placement.Stages).Select(stage => $"{Text(stage)}: {Text(placement.DeviceOf(0, stage))}"))}}}";

    private static string Letter(OperationKind kind) => kind switch
    {
        OperationKind.Forward => "F",
        OperationKind.BackwardInput => "I",
        OperationKind.BackwardWeight => "W",
        OperationKind.Backward => "B",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "PyTorch has no such operation."),
    };

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
