using System.Buffers;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Instructions.PyTorch;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Formats;

/// <summary>
/// The <c>compute_only</c> CSV of torch.distributed.pipelining: no header, one row a rank, a cell for each operation: stage, letter,
/// microbatch. PyTorch adds the communication. It does not fuse the halves of a backward itself, so those that lose nothing by it are
/// fused here.
/// </summary>
internal sealed class PyTorchFormat(PyTorchVersion version) : IInstructionFormat
{
    public PyTorchFormat()
        : this(PyTorchVersion.Newest)
    {
    }

    public string Name => "pytorch";

    public string MediaType => "text/csv";

    public string FileExtension => "csv";

    public string Description =>
        "Compute-only CSV for torch.distributed.pipelining from PyTorch 2.8 on, and for torchtitan's parallelism.pipeline_parallel_schedule_csv. "
        + "The rows assume that torchtitan builds its stages in loop order for the placements linear and interleaved, and in v order "
        + "(pipeline_parallel_schedule names ZBVZeroBubble or DualPipeV) for the placement v; an explicit placement needs stages that are "
        + "built to match. Input and weight gradients that stand side by side are fused to B where that costs no time. "
        + "The version says which PyTorch reads it: from 2.9 on an overlapped pair is one OVERLAP_F_B, in 2.8 a forward and then a backward. "
        + "Carries every schedule of one pipe and whole microbatches.";

    public IReadOnlyList<string> Versions => PyTorchVersion.Names;

    public string Version => version.ToString();

    public IInstructionFormat ForVersion(string version) => new PyTorchFormat(
        PyTorchVersion.Find(version) ?? throw new ArgumentOutOfRangeException(nameof(version), version, "There is no such version."));

    public FeatureSet Covers => Carriage.Unpaired;

    public string PartThatNames(IFeature feature) => PyTorchActions.PartThatNames;

    public FormatRefusal? WhyNot(Timeline timeline) => PyTorchActions.WhyNot(timeline);

    public IReadOnlyList<RuntimeSetting> SettingsFor(Timeline timeline) => PyTorchActions.SettingsFor(timeline, version);

    public IReadOnlyList<string> NotesFor(Timeline timeline) => PyTorchNotes.On(AsWritten(timeline));

    public Timeline AsWritten(Timeline timeline) => PyTorchActions.AsWritten(timeline, version);

    public void Write(Timeline timeline, int? rank, IBufferWriter<byte> output)
    {
        var written = AsWritten(timeline).Schedule;
        var rows = Enumerable.Range(0, written.Problem.Devices)
            .Select(device => new RankInstructions(device, [.. written.OperationsOn(device).Select(Instruction.Compute)]).Grouped().Select(PyTorchActions.Of));
        CheckedCsv.Write(rows, rank, PyTorchCsvCheck.OfComputeOnly(written.Problem, version), output);
    }
}
