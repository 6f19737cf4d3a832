using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Tests.Search;

/// <summary>The longest paths to and from every operation of an order, found by nothing but a topological sort.</summary>
internal sealed class ScratchReplay
{
    private ScratchReplay(long[] starts, long[] tails, long cost) => (Starts, Tails, Cost) = (starts, tails, cost);

    /// <summary>The earliest start of each operation.</summary>
    public long[] Starts { get; }

    /// <summary>The longest path from each operation's end to the end, deliveries included.</summary>
    public long[] Tails { get; }

    /// <summary>The largest sum of a lane's last end and its delivery.</summary>
    public long Cost { get; }

    /// <summary>Carries out an order; null when it deadlocks.</summary>
    public static ScratchReplay? Of(SearchGraph graph, int[][] orders, LaneDates dates)
    {
        var edges = new List<(int From, int To, long Lag)>();
        for (var operation = 0; operation < graph.Count; operation++)
        {
            foreach (var (input, lag) in graph.Before.Of(operation)) edges.Add((input, operation, lag));
        }

        foreach (var order in orders)
        {
            for (var position = 1; position < order.Length; position++) edges.Add((order[position - 1], order[position], 0));
        }

        if (Sorted(graph.Count, edges) is not { } sorted) return null;
        var (starts, tails) = (new long[graph.Count], new long[graph.Count]);
        Array.Fill(tails, long.MinValue);
        foreach (var (order, lane) in orders.Select((order, lane) => (order, lane)).Where(entry => entry.order.Length > 0))
        {
            starts[order[0]] = dates.Release[lane];
            tails[order[^1]] = dates.Delivery[lane];
        }

        var after = edges.ToLookup(edge => edge.From);
        foreach (var operation in sorted)
        {
            // Everything on a lane stands after its first operation, so no other one needs the release.
            foreach (var (_, to, lag) in after[operation]) starts[to] = Math.Max(starts[to], starts[operation] + graph.Duration[operation] + lag);
        }

        foreach (var operation in sorted.AsEnumerable().Reverse())
        {
            foreach (var (_, to, lag) in after[operation]) tails[operation] = Math.Max(tails[operation], lag + graph.Duration[to] + tails[to]);
        }

        var cost = orders.Select((order, lane) => order.Length == 0 ? long.MinValue : starts[order[^1]] + graph.Duration[order[^1]] + dates.Delivery[lane]).Max();
        return new ScratchReplay(starts, tails, cost);
    }

    private static List<int>? Sorted(int count, List<(int From, int To, long Lag)> edges)
    {
        var waiting = new int[count];
        foreach (var (_, to, _) in edges) waiting[to]++;
        var after = edges.ToLookup(edge => edge.From, edge => edge.To);
        var sorted = Enumerable.Range(0, count).Where(operation => waiting[operation] == 0).ToList();
        for (var next = 0; next < sorted.Count; next++) sorted.AddRange(after[sorted[next]].Where(to => --waiting[to] == 0));
        return sorted.Count == count ? sorted : null;
    }
}
