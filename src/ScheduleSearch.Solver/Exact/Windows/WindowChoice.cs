using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Exact.Windows;

/// <summary>
/// Draws the part of an order that is to be solved next: a stretch of time on all lanes, or on a few lanes next to each other for longer.
/// Its middle is a moment at which a lane idles, or an operation of a longest path.
/// </summary>
internal sealed class WindowChoice(SearchGraph graph, Random random)
{
    private const int FewestLanes = 2;
    private const int MostLanes = 4;

    /// <summary>Draws a stretch of time and the lanes that are free in it.</summary>
    /// <param name="order">The order, with earliest starts.</param>
    /// <param name="tails">For each operation the longest path from its end to the end.</param>
    /// <param name="ofLanes">Whether only a few lanes are free.</param>
    /// <param name="operations">How many operations are to be free, about.</param>
    /// <param name="most">How many operations the stretch may hold, about, on all lanes.</param>
    public (long Begin, long End, bool[] IsFree) Draw(Arrangement order, long[] tails, bool ofLanes, double operations, double most)
    {
        var (lane, time) = random.Next(2) == 0 ? Idle(order) : Critical(order, tails);
        var count = ofLanes ? Math.Min(graph.LaneCount, random.Next(FewestLanes, MostLanes + 1)) : graph.LaneCount;
        var first = Math.Clamp(lane - random.Next(count), 0, graph.LaneCount - count);
        var total = order.Orders.Skip(first).Take(count).Sum(lane => lane.Length);
        var end = EndOf(order);
        // Lanes that are not free are part of the model too.
        var part = Math.Min(operations / total, most / graph.Count);
        var length = part >= 1 ? end + 1 : Math.Max(1, (long)(part * end));
        var begin = Math.Clamp(time - (long)(random.NextDouble() * length), Math.Min(0, end - length), Math.Max(0, end - length));
        return (begin, begin + length, [.. Enumerable.Range(0, graph.LaneCount).Select(lane => lane >= first && lane < first + count)]);
    }

    private long EndOf(Arrangement order) => order.Orders.Where(lane => lane.Length > 0).Max(lane => order.Starts[lane[^1]] + graph.Duration[lane[^1]]);

    /// <summary>A moment between two operations of a lane, all such moments being as likely.</summary>
    private (int Lane, long Time) Idle(Arrangement order)
    {
        var left = (long)(random.NextDouble() * Enumerable.Range(0, graph.LaneCount).Sum(lane => Gaps(order, lane).Sum(gap => gap.Length)));
        for (var lane = 0; lane < graph.LaneCount; lane++)
        {
            foreach (var (begin, length) in Gaps(order, lane))
            {
                if (left < length) return (lane, begin + left);
                left -= length;
            }
        }

        return (random.Next(graph.LaneCount), (long)(random.NextDouble() * EndOf(order)));
    }

    private IEnumerable<(long Begin, long Length)> Gaps(Arrangement order, int lane)
    {
        var operations = order.Orders[lane];
        for (var position = 1; position < operations.Length; position++)
        {
            var begin = order.Starts[operations[position - 1]] + graph.Duration[operations[position - 1]];
            if (order.Starts[operations[position]] > begin) yield return (begin, order.Starts[operations[position]] - begin);
        }
    }

    private (int Lane, long Time) Critical(Arrangement order, long[] tails)
    {
        // The cost may be stale where first starts have moved since, so it is taken from the paths themselves.
        var longest = Enumerable.Range(0, graph.Count).Max(Path);
        var critical = Enumerable.Range(0, graph.Count).Where(operation => Path(operation) == longest).ToList();
        var chosen = critical[random.Next(critical.Count)];
        return (graph.Lane[chosen], order.Starts[chosen]);

        long Path(int operation) => order.Starts[operation] + graph.Duration[operation] + tails[operation];
    }
}
