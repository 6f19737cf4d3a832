using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Traces.Formats;

/// <summary>
/// What the zero-bubble runtime measures for its own scheduler and prints once on each rank: the mean microseconds of a forward, an input gradient and a
/// weight gradient of each of its stages, those of a message, and the megabytes that each takes. Before the scheduler runs, it prints what activations may
/// take. Source: <c>megatron/core/pipeline_parallel/zerobubble/timer.py</c> and <c>runtime.py</c> of
/// <c>https://github.com/sail-sg/zero-bubble-pipeline-parallelism</c>.
/// </summary>
internal sealed partial class ZeroBubbleTimers : ITraceFormat
{
    private const string Mark = "profiling conclusion: [", Asked = "Performing ILP with: f=(", AtFirst = Asked + "[";
    private const int MostRank = 1 << 20;
    private const double MostNumber = 1e12, Microsecond = 0.001, MegabyteInMiB = 1e6 / (1 << 20);

    /// <inheritdoc/>
    public string Name => "zero-bubble";

    /// <inheritdoc/>
    public string Description => "Logs of the zero-bubble runtime with the profiling conclusion that each rank prints, and its arguments.";

    /// <inheritdoc/>
    public bool IsOf(TraceFile file) => file.IsText && file.Content.GetString() is { } text
        && (text.Contains(Mark, StringComparison.Ordinal) || (TrainingLog.HasArguments(text) && !MegatronTimers.HasTimers(text)));

    /// <inheritdoc/>
    public Trace? Read(ImportRequest request, List<ProfileError> errors)
    {
        var found = request.Files.SelectMany(file => ConclusionsOf(file, errors)).DistinctBy(one => one.Rank).ToList();
        if (errors.Count > 0) return null;
        if (found.Count == 0)
        {
            errors.Add(new("$.files", $"Have arguments and neither timers nor a line \"rank N {Mark}...]\".", ProfileErrorKind.Impossible));
            return null;
        }

        var log = new TrainingLog(request);
        if (log.Pipeline(errors) is not { } pipeline || log.Ranks(pipeline, found.Max(one => one.Rank), errors) is not { } ranks) return null;
        if (found.Find(one => one.Chunks != pipeline.Chunks) is { } odd)
        {
            errors.Add(new("$.pipeline.chunks", $"Is {pipeline.Chunks}, and rank {odd.Rank} tells of {odd.Chunks}.", ProfileErrorKind.Impossible));
            return null;
        }

        return new Trace
        {
            Format = Name,
            Means = new()
            {
                Pipeline = pipeline,
                Durations = [.. found.SelectMany(one => MeansOf(one, ranks(one.Rank)))],
                Latency = found.Max(one => one.Message),
                Memory = MemoryOf(found, LimitsOf(request.Files), ranks),
            },
            Untold =
            [
                "The runtime tells the mean of all microbatches: how durations vary is not told.",
                "Where no weight gradient ran by itself, the runtime puts the time of the input gradient in its place.",
            ],
        };
    }

    private static IEnumerable<TracedMean> MeansOf(Conclusion one, (int Rank, int Replica) place) =>
        from chunk in Enumerable.Range(0, one.Chunks)
        from timed in new[]
        {
            (OperationKind.Forward, one.Forward[chunk]), (OperationKind.BackwardInput, one.BackwardInput[chunk]),
            (OperationKind.BackwardWeight, one.BackwardWeight[chunk]),
        }
        select new TracedMean(place.Replica, 0, place.Rank, chunk, timed.Item1, timed.Item2 * Microsecond);

    /// <summary>What stages hold: of ranks that hold the same stages, the most, and the least that they may.</summary>
    private static TracedMemory? MemoryOf(List<Conclusion> found, double[] limits, Func<int, (int Rank, int Replica)> ranks)
    {
        var held = (from one in found from chunk in Enumerable.Range(0, one.Chunks) group one by (ranks(one.Rank).Rank, chunk)).ToList();
        var activation = held.ToImmutableDictionary(stage => stage.Key, stage => stage.Max(one => one.Taken[stage.Key.chunk]) * MegabyteInMiB);
        var retained = held.ToImmutableDictionary(stage => stage.Key, stage => Math.Max(0, stage.Max(one => -one.Freed[stage.Key.chunk])) * MegabyteInMiB);
        if (activation.Values.Any(amount => amount <= 0)) return null;
        return new(activation, retained, limits.Select((limit, rank) => (ranks(rank).Rank, Limit: limit)).GroupBy(limit => limit.Rank)
            .ToImmutableDictionary(rank => rank.Key, rank => rank.Min(each => each.Limit) * MegabyteInMiB));
    }

    private static IEnumerable<Conclusion> ConclusionsOf(TraceFile file, List<ProfileError> errors)
    {
        var lines = TrainingLog.LinesOf(file);
        for (var line = 0; line < lines.Length; line++)
        {
            if (!lines[line].Contains(Mark, StringComparison.Ordinal)) continue;
            if (Conclusion.Of(lines[line]) is { } one) yield return one;
            else errors.Add(new(file.Path, $"Has a profiling conclusion in line {line + 1} that is not times of operations and a message, and memory."));
        }
    }

    /// <summary>What activations may take on each rank, by the last question to the scheduler that knew what was measured; empty where none did.</summary>
    private static double[] LimitsOf(IEnumerable<TraceFile> files)
    {
        var (isMeasured, limits) = (false, Array.Empty<double>());
        foreach (var line in files.SelectMany(TrainingLog.LinesOf))
        {
            // Before anything is measured the scheduler is asked with numbers of no unit.
            if (line.Contains(Asked, StringComparison.Ordinal)) isMeasured = !line.Contains(AtFirst, StringComparison.Ordinal);
            if (isMeasured && Limit().Match(line) is { Success: true } found) limits = NumbersOf(found.Groups[1].Value) ?? limits;
        }

        return limits;
    }

    private static double[]? NumbersOf(string list)
    {
        var numbers = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(NumberOf).ToList();
        return numbers.TrueForAll(number => number is not null) ? [.. numbers.Select(number => number!.Value)] : null;
    }

    private static double? NumberOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < MostNumber ? number : null;

    [GeneratedRegex(@"mem_limit=\(([^()]*)\)")]
    private static partial Regex Limit();

    [GeneratedRegex(
        @"rank (\d{1,9}) profiling conclusion: \[\(([^()]*)\), \(([^()]*)\), \(([^()]*)\), (\d{1,12}), \(([^()]*)\), \([^()]*\), \(([^()]*)\)\]")]
    private static partial Regex Line();

    /// <summary>What a rank measured: microseconds and megabytes of each of its stages, and of a message.</summary>
    private sealed record Conclusion(
        int Rank, double[] Forward, double[] BackwardInput, double[] BackwardWeight, double Message, double[] Taken, double[] Freed)
    {
        /// <summary>The groups of the expression that are lists with a number for each stage.</summary>
        private static readonly int[] Lists = [2, 3, 4, 6, 7];

        public int Chunks => Forward.Length;

        public static Conclusion? Of(string line)
        {
            if (Line().Match(line) is not { Success: true } found) return null;
            if (!int.TryParse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var rank) || rank >= MostRank) return null;
            double[]?[] lists = [.. Lists.Select(group => NumbersOf(found.Groups[group].Value))];
            if (lists.Any(list => list is null || list.Length == 0 || list.Length != lists[0]!.Length)) return null;
            if (lists[..3].Any(list => list!.Any(time => time < 0))) return null;
            var message = double.Parse(found.Groups[5].ValueSpan, CultureInfo.InvariantCulture) * Microsecond;
            return new(rank, lists[0]!, lists[1]!, lists[2]!, message, lists[3]!, lists[4]!);
        }
    }
}
