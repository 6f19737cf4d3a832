using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>The times that somebody claims.</summary>
/// <param name="Problem">The same problem in finer ticks: claimed times may stand between those of the profile's own numbers.</param>
/// <param name="Devices">For each device its operations, with their times in those ticks.</param>
internal sealed record ClaimedTimes(Problem Problem, IReadOnlyList<IReadOnlyList<TimedOperation>> Devices)
{
    /// <summary>What rounding to 15 significant digits, which every double holds, leaves of a number at most, as a part of it.</summary>
    private const decimal Rounding = 5e-15m;

    /// <summary>The operations with their times; null when no times are claimed.</summary>
    /// <exception cref="InvalidProfileException">Some operations have times and some have none, or a time is beyond any schedule.</exception>
    public static ClaimedTimes? Of(Problem problem, ClaimedOperation[][] devices)
    {
        if (devices.SelectMany(order => order).All(claim => claim is { Start: null, End: null })) return null;
        var fine = problem.InFinerTicks();
        var latest = fine.TimeScale.FromTicks(long.MaxValue / 4);
        long Ticks(string path, decimal? time) =>
            time is not { } number ? throw Wrong(path, "Is missing: give start and end of all operations, or of none.")
            : Math.Abs(number) > latest ? throw Wrong(path, $"Must be within {latest}.")
            : fine.TimeScale.ToTicks(number);

        return new ClaimedTimes(fine, [.. devices.Select((order, device) => order.SelectMany((claim, position) => Timed(
            claim,
            Ticks($"$.devices[{device}][{position}].start", claim.Start),
            Ticks($"$.devices[{device}][{position}].end", claim.End))).ToArray())]);
    }

    /// <summary>
    /// The operations with the times of a replay in the place of those that are the same but for what a double loses of them: a launcher that
    /// reads an answer's numbers as doubles sends them back so.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<TimedOperation>> Exactly(Timeline replayed)
    {
        var (scale, graph) = (replayed.Schedule.Problem.TimeScale, replayed.Graph);
        return [.. Devices.Select(device => device.Select(Exact).ToArray())];

        TimedOperation Exact(TimedOperation claimed)
        {
            var operation = graph.IndexOf(claimed.Operation);
            return claimed with { Start = Nearest(claimed.Start, replayed.StartOf(operation)), End = Nearest(claimed.End, replayed.EndOf(operation)) };
        }

        long Nearest(long claimed, long exactly)
        {
            var time = scale.FromTicks(exactly);
            return Math.Abs(Problem.TimeScale.FromTicks(claimed) - time) <= Rounding * time ? Problem.TimeScale.ToTicks(time) : claimed;
        }
    }

    /// <summary>The backward of a pair is a step at the end of it that takes no time.</summary>
    private static IEnumerable<TimedOperation> Timed(ClaimedOperation claim, long start, long end)
    {
        yield return new TimedOperation(claim.Operation, start, end);
        if (claim.Backward is { } backward) yield return new TimedOperation(backward, end, end);
    }

    private static InvalidProfileException Wrong(string path, string message) => new([new ProfileError(path, message)]);
}
