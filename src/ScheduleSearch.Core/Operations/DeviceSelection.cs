namespace ScheduleSearch.Core.Operations;

/// <summary>
/// The operations of some devices alone. What all other devices do has become lags: the longest way through them from one operation that
/// is kept to the next, and before the first and after the last. Memory and order of the other devices are forgotten, so whatever holds
/// for every schedule of what is left holds for every schedule of the whole.
/// </summary>
public static class DeviceSelection
{
    private const long None = long.MinValue;

    /// <summary>The graph of the operations of some devices, on all their lanes. Lanes keep their numbers. Cost: linear in the operations.</summary>
    /// <param name="graph">All operations. Those on no lane become lags.</param>
    /// <param name="devices">The devices that are kept.</param>
    public static OperationGraph Keep(OperationGraph graph, IReadOnlySet<int> devices) =>
        Keep(graph, graph.Lanes, operation => graph.LaneOf[operation] != OperationGraph.NoLane && devices.Contains(graph.DeviceOf(operation)));

    /// <summary>
    /// The graph of the operations that are on lanes, which is what a search orders: barriers on none have become lags. It keeps
    /// <see cref="OperationGraph.Whole"/>. The same graph when all operations are on lanes.
    /// </summary>
    /// <remarks>
    /// A barrier happens as soon as all that it waits for has ended, so every order of the lanes has the same starts in both graphs. What is after
    /// the last operation on a lane is no part of any objective.
    /// </remarks>
    public static OperationGraph KeepLanes(OperationGraph graph) =>
        graph.LaneOf.Contains(OperationGraph.NoLane)
            ? Keep(graph, graph.Lanes, operation => graph.LaneOf[operation] != OperationGraph.NoLane, whole: graph)
            : graph;

    /// <summary>
    /// The graph of the operations on compute lanes: what other lanes do, and barriers on none, has become lags. The same graph when there
    /// is nothing else.
    /// </summary>
    public static OperationGraph KeepCompute(OperationGraph graph)
    {
        var isCompute = true;
        foreach (var lane in graph.LaneOf) isCompute &= lane != OperationGraph.NoLane && graph.IsCompute(lane);
        return isCompute && graph.Lanes.Count == graph.Problem.Devices
            ? graph
            : Keep(graph, [], operation => graph.LaneOf[operation] is var lane and not OperationGraph.NoLane && graph.IsCompute(lane));
    }

    private static OperationGraph Keep(OperationGraph graph, IEnumerable<Lane> lanes, Func<int, bool> isKept, OperationGraph? whole = null)
    {
        var builder = new OperationGraphBuilder(graph.Problem, graph.Selection);
        foreach (var lane in lanes.Skip(builder.Lanes.Count)) builder.AddLane(lane);
        var kept = new int[graph.Count];
        for (var operation = 0; operation < graph.Count; operation++)
        {
            kept[operation] = isKept(operation)
                ? builder.Add(graph.Operations[operation], graph.LaneOf[operation], graph.Durations[operation])
                : -1;
        }

        foreach (var (from, to, units) in graph.Holdings)
        {
            if (kept[from] >= 0) builder.Hold(kept[from], kept[to], units);
        }

        foreach (var date in graph.DueDates)
        {
            if (kept[date.Operation] >= 0) builder.Date(date with { Operation = kept[date.Operation] });
        }

        AddHeads(graph, kept, builder);
        AddTailsAndLags(graph, kept, builder);
        if (whole is not null) Clear(builder.Tails);
        return new OperationGraph(graph.Problem, builder) { Whole = whole };
    }

    private static void Clear(List<long> tails)
    {
        for (var operation = 0; operation < tails.Count; operation++) tails[operation] = 0;
    }

    /// <summary>The longest ways to each operation that lead through no kept one.</summary>
    private static void AddHeads(OperationGraph graph, int[] kept, OperationGraphBuilder builder)
    {
        var heads = new long[graph.Count];
        for (var operation = 0; operation < graph.Count; operation++)
        {
            foreach (var (dependency, lag) in graph.DependenciesOf(operation))
            {
                if (kept[dependency] < 0) heads[operation] = Math.Max(heads[operation], heads[dependency] + graph.Durations[dependency] + lag);
            }

            if (kept[operation] >= 0) builder.Heads[kept[operation]] = heads[operation];
        }
    }

    /// <summary>The longest ways from each operation that lead through no kept one: to each kept one after it, and to the last end.</summary>
    private static void AddTailsAndLags(OperationGraph graph, int[] kept, OperationGraphBuilder builder)
    {
        var tails = new long[graph.Count];
        var ways = new Dictionary<int, long>[graph.Count];
        for (var operation = graph.Count - 1; operation >= 0; operation--)
        {
            var onward = ways[operation] = [];
            foreach (var (dependent, lag) in graph.DependentsOf(operation))
            {
                if (kept[dependent] >= 0)
                {
                    Extend(onward, dependent, lag);
                    continue;
                }

                var through = lag + graph.Durations[dependent];
                tails[operation] = Math.Max(tails[operation], through + tails[dependent]);
                foreach (var (next, way) in ways[dependent]) Extend(onward, next, through + way);
            }

            if (kept[operation] < 0) continue;
            builder.Tails[kept[operation]] = tails[operation];
            foreach (var (next, way) in onward) builder.Depend(kept[next], kept[operation], way);
        }

        static void Extend(Dictionary<int, long> onward, int next, long way) =>
            onward[next] = Math.Max(way, onward.GetValueOrDefault(next, None));
    }
}
