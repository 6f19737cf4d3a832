using System.Buffers;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Instructions.PyTorch;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Formats;

/// <summary>
/// The <c>compute_comms</c> CSV of torch.distributed.pipelining: as the compute-only one, with every send and receive where it takes place,
/// and the gathers and reductions that FSDP needs.
/// </summary>
internal sealed class PyTorchCommsFormat(PyTorchVersion version) : IInstructionFormat
{
    public PyTorchCommsFormat()
        : this(PyTorchVersion.Newest)
    {
    }

    public string Name => "pytorch-comms";

    public string MediaType => "text/csv";

    public string FileExtension => "csv";

    public string Description =>
        "CSV with all communication for torch.distributed.pipelining: load it with format=\"compute_comms\". Receives stand where their result "
        + "is ready, in an order that cannot hang. The version says which PyTorch reads it: from 2.10 on gradients are scaled and reduced by an "
        + "action REDUCE_GRAD, which older ones do not know, and 2.8 runs the two of an overlapped pair one after the other. "
        + "UNSHARD and RESHARD matter under FSDP alone. torchtitan reads the format pytorch "
        + "only. Carries every schedule of one pipe and whole microbatches.";

    public IReadOnlyList<string> Versions => PyTorchVersion.Names;

    public string Version => version.ToString();

    public IInstructionFormat ForVersion(string version) => new PyTorchCommsFormat(
        PyTorchVersion.Find(version) ?? throw new ArgumentOutOfRangeException(nameof(version), version, "There is no such version."));

    public FeatureSet Covers => Carriage.Unpaired;

    public string PartThatNames(IFeature feature) => PyTorchActions.PartThatNames;

    public FormatRefusal? WhyNot(Timeline timeline) => PyTorchActions.WhyNot(timeline);

    public IReadOnlyList<RuntimeSetting> SettingsFor(Timeline timeline) => PyTorchActions.SettingsFor(timeline, version);

    public IReadOnlyList<string> NotesFor(Timeline timeline) => PyTorchNotes.On(AsWritten(timeline));

    public Timeline AsWritten(Timeline timeline) => PyTorchActions.AsWritten(timeline, version);

    public void Write(Timeline timeline, int? rank, IBufferWriter<byte> output)
    {
        var problem = timeline.Schedule.Problem;
        var rows = Lowering.Of(AsWritten(timeline)).Select(stream => WeightActions.AddTo(stream, version));
        CheckedCsv.Write(rows, rank, PyTorchCsvCheck.OfComputeAndComms(problem, version), output);
    }
}
