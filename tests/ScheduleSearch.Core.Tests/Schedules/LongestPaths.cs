using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Tests.Schedules;

/// <summary>Longest paths by relaxing every edge until nothing moves: slow, and unlike the replay in every step.</summary>
internal static class LongestPaths
{
    private const long Never = long.MinValue;

    /// <summary>Earliest starts.</summary>
    public static long[] EarliestStarts(Schedule schedule) => Relax(schedule, new long[schedule.Graph.Count]);

    /// <summary>The least span: the largest mean of a simple circle of devices, rounded up to a tick.</summary>
    public static long LeastSpan(Schedule schedule)
    {
        var graph = schedule.Graph;
        var devices = graph.Problem.Devices;
        var weights = new long[devices, devices];
        for (var from = 0; from < devices; from++)
        {
            var starts = Enumerable.Repeat(Never, graph.Count).ToArray();
            starts[schedule.OrderOf(from)[0]] = 0;
            Relax(schedule, starts);
            for (var to = 0; to < devices; to++)
            {
                var last = schedule.OrderOf(to)[^1];
                weights[from, to] = starts[last] == Never ? Never : starts[last] + graph.Durations[last];
            }
        }

        return Enumerable.Range(0, devices).Max(first => LargestMean(weights, [first], 0));
    }

    private static long LargestMean(long[,] weights, List<int> circle, long weight)
    {
        var (first, last) = (circle[0], circle[^1]);
        var largest = weights[last, first] == Never ? 0 : (weight + weights[last, first] + circle.Count - 1) / circle.Count;
        for (var next = first + 1; next < weights.GetLength(0); next++)
        {
            if (circle.Contains(next) || weights[last, next] == Never) continue;
            largest = Math.Max(largest, LargestMean(weights, [.. circle, next], weight + weights[last, next]));
        }

        return largest;
    }

    private static long[] Relax(Schedule schedule, long[] starts)
    {
        var edges = Edges(schedule);
        for (var moved = true; moved;)
        {
            moved = false;
            foreach (var (from, to, lag) in edges)
            {
                if (starts[from] == Never || starts[from] + schedule.Graph.Durations[from] + lag <= starts[to]) continue;
                starts[to] = starts[from] + schedule.Graph.Durations[from] + lag;
                moved = true;
            }
        }

        return starts;
    }

    private static List<(int From, int To, long Lag)> Edges(Schedule schedule)
    {
        List<(int, int, long)> edges = [];
        for (var lane = 0; lane < schedule.Graph.Lanes.Count; lane++)
        {
            var order = schedule.OrderOf(lane);
            for (var position = 1; position < order.Length; position++) edges.Add((order[position - 1], order[position], 0));
        }

        for (var operation = 0; operation < schedule.Graph.Count; operation++)
        {
            foreach (var (dependency, lag) in schedule.Graph.DependenciesOf(operation)) edges.Add((dependency, operation, lag));
        }

        return edges;
    }
}
