using System.Collections.Immutable;
using System.Text;
using ScheduleSearch.Core.Instructions.PyTorch;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Traces.Formats;

/// <summary>
/// Traces of PyTorch's profiler of a run by <c>torch.distributed.pipelining</c>, a file for each rank. Its runtime marks each action as <c>PP:</c> with the
/// action's text, as in <c>PP:2F0</c>, or of a pair as in <c>PP:(0F3;1B0)OVERLAP_F_B</c>; where the run was on a GPU, the marks that the profiler has of the
/// GPU's time count, and those of the host do not.
/// Source: <c>_get_profiler_function_name</c> in <c>torch/distributed/pipelining/schedules.py</c>.
/// </summary>
internal sealed class PyTorchTrace : ITraceFormat
{
    private const string Mark = "PP:", OfDevice = "gpu_user_annotation";
    private const int LongestName = 4096, MostRank = 1 << 20;
    private const double MostTime = 1e18, Microsecond = 0.001;

    /// <inheritdoc/>
    public string Name => "pytorch";

    /// <inheritdoc/>
    public string Description => "Traces of torch.profiler of a run by torch.distributed.pipelining, a file for each rank, with its marks PP:<action>.";

    /// <inheritdoc/>
    public bool IsOf(TraceFile file) => file.HasEvent(name => name.StartsWith(Mark, StringComparison.Ordinal));

    /// <inheritdoc/>
    public Trace? Read(ImportRequest request, List<ProfileError> errors)
    {
        var (operations, pairs) = (ImmutableArray.CreateBuilder<TracedOperation>(), new TracedPairs());
        var untold = new SortedSet<string>(StringComparer.Ordinal);
        var (files, before, isOfDevice) = (request.Files, errors.Count, true);
        for (var place = 0; place < files.Length; place++)
        {
            var events = new List<MarkedStep>();
            new JsonValue(files[place].Events!.Value, files[place].EventsPath, errors)
                .Each<bool>(value => value.Members(members => ReadEvent(members, events)));
            if (errors.Count > before) return null;
            var (rank, hasDevice) = (RankOf(files[place]) ?? place, events.Exists(each => each.IsOfDevice));
            isOfDevice &= hasDevice;
            // The same action once more is of the next step.
            var seen = new Dictionary<CsvAction, int>();
            foreach (var each in events.Where(each => each.IsOfDevice == hasDevice).OrderBy(each => each.Start))
            {
                if (each.Step.Second is { } second) pairs.Add(OperationOf(each.Step.First, each), OperationOf(second, each));
                else operations.Add(OperationOf(each.Step.First, each));
            }

            TracedOperation OperationOf(CsvAction action, MarkedStep marked)
            {
                var step = seen[action] = seen.GetValueOrDefault(action, -1) + 1;
                return new(0, step, rank, action.Stage, KindOf(action.Kind), action.Microbatch, marked.Start * Microsecond, marked.Duration * Microsecond);
            }
        }

        var gain = pairs.Divide(operations, untold);
        if (!isOfDevice) untold.Add("Marks are of the host's time: where work is queued on a GPU, record its activities too.");
        return new Trace { Format = Name, Operations = operations.DrainToImmutable(), OverlapGain = gain, BeginsWithWaiting = true, Untold = [.. untold] };
    }

    private static bool ReadEvent(JsonMembers members, List<MarkedStep> events)
    {
        members.IgnoreOthers();
        var name = members.Optional("name") is { IsText: true } given ? given.Text(LongestName) : null;
        if (name is null || !name.StartsWith(Mark, StringComparison.Ordinal)) return true;
        if (CsvStep.Parse(Encoding.UTF8.GetBytes(name[Mark.Length..])) is not { First.IsCompute: true } step) return true;
        var category = members.Optional("cat")?.Text(LongestName);
        var start = members.Required("ts")?.Number(-MostTime, above: false, MostTime, "a time in microseconds");
        // An action that was not over when the trace was has no duration.
        var duration = members.Optional("dur")?.Number(0, above: false, MostTime, "a time in microseconds from 0");
        if (start is { } from && duration is { } length) events.Add(new(step, category == OfDevice, from, length));
        return true;
    }

    private static int? RankOf(TraceFile file)
    {
        if (file.Content.ValueKind == System.Text.Json.JsonValueKind.Object
            && file.Content.TryGetProperty("distributedInfo", out var info) && info.ValueKind == System.Text.Json.JsonValueKind.Object
            && info.TryGetProperty("rank", out var rank) && rank.ValueKind == System.Text.Json.JsonValueKind.Number
            && rank.TryGetInt32(out var number) && number is >= 0 and < MostRank) return number;
        return file.NumberAfter("rank");
    }

    private static OperationKind KindOf(CsvActionKind kind) => kind switch
    {
        CsvActionKind.F => OperationKind.Forward,
        CsvActionKind.I => OperationKind.BackwardInput,
        CsvActionKind.W => OperationKind.BackwardWeight,
        CsvActionKind.B => OperationKind.Backward,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Computes nothing."),
    };

    private readonly record struct MarkedStep(CsvStep Step, bool IsOfDevice, double Start, double Duration);
}
