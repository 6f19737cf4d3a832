using System.Buffers;
using System.Globalization;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Formats;

/// <summary>
/// The <c>compute_only</c> CSV of torch.distributed.pipelining: no header, one row a rank, a cell for each operation: stage, letter,
/// microbatch. PyTorch adds the communication. It does not fuse the halves of a backward itself, so those that lose nothing by it are
/// fused here.
/// </summary>
internal sealed class PyTorchFormat : IInstructionFormat
{
    public string Name => "pytorch";

    public string MediaType => "text/csv";

    public string FileExtension => "csv";

    public string Description =>
        "Compute-only CSV for torch.distributed.pipelining from PyTorch 2.8 on, and for torchtitan's parallelism.pipeline_parallel_schedule_csv. "
        + "The rows assume that torchtitan builds its stages in loop order for the placements linear and interleaved, and in v order "
        + "(pipeline_parallel_schedule names ZBVZeroBubble or DualPipeV) for the placement v; an explicit placement needs stages that are "
        + "built to match. Input and weight gradients that stand side by side are fused to B where that costs no time.";

    public string? WhyNot(Timeline timeline) =>
        timeline.Schedule.Problem.Placement.Pipes > 1
            ? "PyTorch's actions name a stage and no pipe, so schedules of two pipes cannot be told to it."
            : null;

    public void Write(Timeline timeline, int? rank, IBufferWriter<byte> output)
    {
        var fused = BackwardMerge.Of(timeline);
        Check(fused);
        var (first, end) = rank is { } one ? (one, one + 1) : (0, fused.Schedule.Problem.Devices);
        for (var row = first; row < end; row++)
        {
            var cells = fused.Schedule.OperationsOn(row).Select(Cell);
            output.Append(string.Join(',', cells));
            output.Append("\n");
        }
    }

    /// <summary>PyTorch's own check compares sets and lets duplicates through; this one does not.</summary>
    private static void Check(Timeline fused)
    {
        if (Verifier.Check(fused.Schedule.Problem, TimedOperation.DevicesOf(fused)) is [var violation, ..])
            throw new BrokenStreamException($"{violation.Rule}: {violation.Message}");
        _ = Lowering.Of(fused);
    }

    private static string Cell(Operation operation) =>
        string.Create(CultureInfo.InvariantCulture, $"{operation.Stage}{Letter(operation.Kind)}{operation.Microbatch}");

    private static char Letter(OperationKind kind) => kind switch
    {
        OperationKind.Forward => 'F',
        OperationKind.BackwardInput => 'I',
        OperationKind.BackwardWeight => 'W',
        OperationKind.Backward => 'B',
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "PyTorch has no such operation."),
    };
}
