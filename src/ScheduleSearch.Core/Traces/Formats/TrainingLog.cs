using System.Globalization;
using System.Text.RegularExpressions;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Traces.Formats;

/// <summary>
/// What logs of Megatron and of what is built on it have in common: the arguments of the run, a line each, as <c>_print_args</c> in
/// <c>megatron/training/arguments.py</c> prints them, and the numbering of ranks, in which pipeline ranks are the outermost.
/// </summary>
internal sealed partial class TrainingLog
{
    private const string Path = "$.pipeline", Devices = "pipeline_model_parallel_size";

    private readonly ImportRequest _request;
    private readonly Dictionary<string, string> _arguments = [];

    public TrainingLog(ImportRequest request)
    {
        _request = request;
        foreach (var line in request.Files.SelectMany(LinesOf))
        {
            if (Argument().Match(line) is { Success: true } found) _arguments.TryAdd(found.Groups[1].Value, found.Groups[2].Value);
        }
    }

    /// <summary>Whether a text has the arguments of a run.</summary>
    public static bool HasArguments(string text) => text.Contains(Devices + " ..", StringComparison.Ordinal);

    /// <summary>The lines of a file that is text.</summary>
    public static string[] LinesOf(TraceFile file) => file.Content.GetString()!.Split('\n');

    /// <summary>The pipeline that the request states, or else the arguments; null where neither does, with an error.</summary>
    public PipelineShape? Pipeline(List<ProfileError> errors)
    {
        if (_request.Pipeline is { } stated) return stated;
        if (Number(Devices) is { } devices and > 0 && Microbatches() is { } microbatches)
        {
            var isV = IsSet("zero_bubble_v_schedule") || IsSet("enable_1f1b_v");
            var chunks = isV ? 2 : Number("virtual_pipeline_model_parallel_size") ?? 1;
            return new() { Devices = devices, Microbatches = microbatches, Chunks = chunks, Placement = isV ? "v" : chunks > 1 ? "interleaved" : null };
        }

        errors.Add(new(
            Path,
            "Is missing, and the log does not have the arguments that say it: give devices, microbatches and, for several stages a rank, chunks and "
                + "placement."));
        return null;
    }

    /// <summary>The pipeline rank and the place among the ranks of its stages of each rank of a run; null where ranks do not divide, with an error.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="last">The last rank that is seen.</param>
    /// <param name="errors">Where the error is added.</param>
    public Func<int, (int Rank, int Replica)>? Ranks(PipelineShape pipeline, int last, List<ProfileError> errors)
    {
        var world = Math.Max(Number("world_size") ?? pipeline.Devices, last + 1);
        if (pipeline.Devices > 0 && world % pipeline.Devices == 0)
        {
            var block = world / pipeline.Devices;
            return rank => (rank / block, rank % block);
        }

        errors.Add(new(Path, $"Has {pipeline.Devices} devices, which do not divide the {world} ranks of the log.", ProfileErrorKind.Impossible));
        return null;
    }

    private int? Microbatches() =>
        Number("global_batch_size") is { } batch && Number("micro_batch_size") is { } micro && Number("data_parallel_size") is { } replicas
            && (long)micro * replicas is > 0 and var each && batch % each == 0 && batch > 0
                ? (int)(batch / each)
                : null;

    private int? Number(string argument) =>
        int.TryParse(_arguments.GetValueOrDefault(argument), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private bool IsSet(string argument) => _arguments.GetValueOrDefault(argument) == "True";

    [GeneratedRegex(@"(?:^|\s)([a-z][a-z0-9_]*) \.+ (\S+)\s*$")]
    private static partial Regex Argument();
}
