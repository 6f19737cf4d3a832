namespace ScheduleSearch.Core.Operations;

/// <summary>
/// The operations of some devices alone. What all other devices do has become lags: the longest way through them from one operation that
/// is kept to the next, and before the first and behind the last. Memory and order of the other devices are forgotten, so whatever holds
/// for every schedule of what is left holds for every schedule of the whole.
/// </summary>
public static class DeviceSelection
{
    private const long None = long.MinValue;

    /// <summary>The graph of the operations of some devices. Lanes keep their numbers. Cost: linear in the operations.</summary>
    /// <param name="graph">All operations, none of which is on no lane.</param>
    /// <param name="devices">The devices that are kept.</param>
    public static OperationGraph Keep(OperationGraph graph, IReadOnlySet<int> devices)
    {
        var builder = new OperationGraphBuilder(graph.Problem.Devices);
        var kept = new int[graph.Count];
        for (var operation = 0; operation < graph.Count; operation++)
        {
            kept[operation] = devices.Contains(graph.DeviceOf(operation))
                ? builder.Add(
                    graph.Operations[operation], graph.LaneOf[operation], graph.Durations[operation], graph.Acquired[operation], graph.Released[operation])
                : -1;
        }

        AddHeads(graph, kept, builder);
        AddTailsAndLags(graph, kept, builder);
        return new OperationGraph(graph.Problem, builder);
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

    /// <summary>The longest ways from each operation that lead through no kept one: to each kept one behind it, and to the last end.</summary>
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
