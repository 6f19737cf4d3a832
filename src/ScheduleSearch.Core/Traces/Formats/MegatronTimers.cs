using System.Globalization;
using System.Text.RegularExpressions;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Traces.Formats;

/// <summary>
/// The timers that Megatron prints every few iterations: milliseconds that a rank spends in the forwards, and in the backwards, of an iteration, for each
/// rank, or the least and the most over them. Source: <c>get_all_timers_string</c> in <c>megatron/core/timers.py</c> of
/// <c>https://github.com/NVIDIA/Megatron-LM</c>; its schedules start <c>forward-compute</c> and <c>backward-compute</c> around each microbatch, with nothing of
/// receives in them.
/// </summary>
internal sealed partial class MegatronTimers : ITraceFormat
{
    private const string Block = "across ranks (ms):", ForwardName = "forward-compute", BackwardName = "backward-compute";
    private const int MostRank = 1 << 20;

    /// <summary>What stands in the place of a rank where a line is of all of them.</summary>
    private const int AllRanks = -1;

    /// <inheritdoc/>
    public string Name => "megatron";

    /// <inheritdoc/>
    public string Description =>
        "Logs of Megatron-LM with the timers forward-compute and backward-compute (--timing-log-level 2, and best --timing-log-option all) and its arguments.";

    /// <inheritdoc/>
    public bool IsOf(TraceFile file) => file.IsText && file.Content.GetString() is { } text && (HasTimers(text) || TrainingLog.HasArguments(text));

    /// <summary>Whether a text has what timers print.</summary>
    public static bool HasTimers(string text) => text.Contains(Block, StringComparison.Ordinal);

    /// <inheritdoc/>
    public Trace? Read(ImportRequest request, List<ProfileError> errors)
    {
        var times = request.Files.SelectMany(TimesOf).ToList();
        var hasBoth = new[] { OperationKind.Forward, OperationKind.Backward }.All(kind => times.Exists(time => time.Kind == kind));
        if (!hasBoth)
            errors.Add(new("$.files", $"Have no timers {ForwardName} and {BackwardName}: log with --timing-log-level 2.", ProfileErrorKind.Impossible));
        var log = new TrainingLog(request);
        if (log.Pipeline(errors) is not { } pipeline || !hasBoth) return null;
        var last = times.Max(time => time.Rank);
        if (log.Ranks(pipeline, last, errors) is not { } ranks) return null;
        var isOfRanks = last != AllRanks;
        return new Trace
        {
            Format = Name,
            Means = new() { Pipeline = pipeline, Durations = [.. times.Where(time => time.Rank != AllRanks == isOfRanks).Select(MeanOf)] },
            Untold = [.. UntoldOf(isOfRanks)],
        };

        TracedMean MeanOf(RankTime time)
        {
            var each = time.Milliseconds / ((double)Math.Max(1, pipeline.Microbatches) * Math.Max(1, pipeline.Chunks));
            if (!isOfRanks) return new(0, time.Step, null, null, time.Kind, each);
            var (rank, replica) = ranks(time.Rank);
            return new(replica, time.Step, rank, null, time.Kind, each);
        }
    }

    private static IEnumerable<string> UntoldOf(bool isOfRanks)
    {
        yield return "Timers add up all microbatches of an iteration, and all stages of a rank: each has the mean, and how durations vary is not told.";
        yield return "The timers of receives have waiting in them: the profile has a latency of 0.";
        if (!isOfRanks)
            yield return "Timers tell the least and the most over the ranks, not whose they are: each stage has the middle. Log with --timing-log-option all.";
    }

    private static IEnumerable<RankTime> TimesOf(TraceFile file)
    {
        var (step, kind) = (-1, (OperationKind?)null);
        foreach (var line in TrainingLog.LinesOf(file))
        {
            if (line.Contains(Block, StringComparison.Ordinal)) (step, kind) = (step + 1, null);
            else if (step < 0) continue;
            else if (OfAllRanks().Match(line) is { Success: true } all)
            {
                if (KindOf(all.Groups[1].Value) is not { } timed) continue;
                var most = Number(all.Groups[3]);
                yield return new(step, timed, AllRanks, all.Groups[2].Success ? (Number(all.Groups[2]) + most) / 2 : most);
            }
            else if (OfRank().Match(line) is { Success: true } one)
            {
                if (kind is { } timed && int.TryParse(one.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var rank) && rank < MostRank)
                    yield return new(step, timed, rank, Number(one.Groups[2]));
            }
            else kind = Named().Match(line) is { Success: true } named ? KindOf(named.Groups[1].Value) : null;
        }
    }

    private static OperationKind? KindOf(string timer) => timer switch
    {
        ForwardName => OperationKind.Forward,
        BackwardName => OperationKind.Backward,
        _ => null,
    };

    private static double Number(Group digits) => double.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    /// <summary>A timer with one line for all ranks: the least, where it is told, and the most.</summary>
    [GeneratedRegex(@"(?:^|\s)([a-z0-9/-]+) \.+: \(?(?:(\d{1,12}\.\d{1,6}), )?(\d{1,12}\.\d{1,6})\)?\s*$")]
    private static partial Regex OfAllRanks();

    [GeneratedRegex(@"(?:^|\s)rank +(\d{1,9}): (\d{1,12}\.\d{1,6})\s*$")]
    private static partial Regex OfRank();

    [GeneratedRegex(@"(?:^|\s)([a-z0-9/-]+):\s*$")]
    private static partial Regex Named();

    private readonly record struct RankTime(int Step, OperationKind Kind, int Rank, double Milliseconds);
}
