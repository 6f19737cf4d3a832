using System.Collections.Immutable;
using System.Globalization;

namespace ScheduleSearch.Core.Schedules;

/// <summary>What devices are idle for most, in words. Shares are of the time that the devices named have together.</summary>
internal static class LimitSentence
{
    private const int MostNamed = 3;

    /// <summary>
    /// One sentence without a full stop. Warm-up and cool-down count as one; of equal causes the first of work, memory, these two, input and communication.
    /// </summary>
    /// <param name="metrics">What the schedule costs.</param>
    /// <param name="devices">The causes of each device.</param>
    public static string Of(ScheduleMetrics metrics, ImmutableArray<IdleCauses> devices)
    {
        var sum = devices.Aggregate((one, other) => one + other);
        if (sum.Total == 0) return "the work itself: no rank is ever idle";
        var (time, ends) = ((double)metrics.Objective, sum.WarmUp + sum.CoolDown);
        var most = new[] { sum.LessWork, sum.Memory, ends, sum.Input, sum.Communication }.Max();
        if (most == sum.LessWork) return Work(metrics, sum.LessWork / time);
        if (most == sum.Memory) return Memory(devices, time);
        var share = Percent.Of(most / (time * devices.Length));
        return most == ends ? $"warm-up and cool-down: idle {share} of the time before a rank's first backward and after its last forward"
            : most == sum.Input ? $"waits for input: idle {share} of the time in the steady state while others compute what a rank needs next"
            : $"communication: idle {share} of the time in the steady state while what a rank needs next, or what that needs, is on its way";
    }

    private static string Work(ScheduleMetrics metrics, double shares)
    {
        var most = metrics.Busy.Max();
        var busiest = RanksWhere(metrics.Busy, busy => busy == most);
        var others = metrics.Busy.Length - busiest.Count;
        var carries = busiest.Count == 1 ? "carries" : "carry";
        var wait = others == 1 ? "the other has less to do and waits" : "the others have less to do and wait";
        return $"{Names(busiest)} {carries} the most work; {wait} {Percent.Of(shares / others)} of the time for that alone";
    }

    private static string Memory(ImmutableArray<IdleCauses> devices, double time)
    {
        var waiting = RanksWhere(devices, causes => causes.Memory > 0);
        var share = Percent.Of(waiting.Average(rank => devices[rank].Memory / time));
        return $"memory of {Names(waiting)}: idle {share} of the time with work that is ready and no room for it";
    }

    private static List<int> RanksWhere<T>(ImmutableArray<T> ranks, Predicate<T> holds) =>
        [.. Enumerable.Range(0, ranks.Length).Where(rank => holds(ranks[rank]))];

    private static string Names(List<int> ranks)
    {
        if (ranks.Count == 1) return Text($"rank {ranks[0]}");
        if (ranks.Count > MostNamed) return Text($"{ranks.Count} ranks");
        return Text($"ranks {string.Join(", ", ranks[..^1])} and {ranks[^1]}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
