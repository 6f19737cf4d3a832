using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Solver.Exact;

/// <summary>The earliest starts of an order on a model's grid.</summary>
internal sealed class GridReplay(OperationGraph graph, TimeGrid grid, long[] durations)
{
    /// <summary>Starts that keep an objective; null when the order cannot.</summary>
    public long[]? Starts(IReadOnlyList<IReadOnlyList<int>> orders, long objective)
    {
        var starts = new long[graph.Count];
        var ofSpan = graph.Problem.Objective == Objective.Span;
        var previous = new int[graph.Count];
        Array.Fill(previous, -1);
        foreach (var order in orders)
        {
            for (var position = 1; position < order.Count; position++) previous[order[position]] = order[position - 1];
        }

        // Each round settles at least one operation more, or delays a device by its span.
        for (var round = 0; round <= graph.Count + orders.Count; round++)
        {
            var settled = true;
            for (var operation = 0; operation < starts.Length; operation++) settled &= !Push(operation, Ready(operation, starts, previous), starts);
            foreach (var order in orders.Take(graph.Problem.Devices).Where(order => ofSpan && order.Count > 0))
                settled &= !Push(order[0], starts[order[^1]] + durations[order[^1]] - objective, starts);
            if (settled) return ofSpan || Enumerable.Range(0, starts.Length).All(EndsInTime) ? starts : null;
        }

        return null;

        bool EndsInTime(int operation) => starts[operation] + durations[operation] + grid.StepsOf(graph.Tails[operation]) <= objective;
    }

    private long Ready(int operation, long[] starts, int[] previous)
    {
        var ready = grid.StepsOf(graph.Heads[operation]);
        if (previous[operation] >= 0) ready = Math.Max(ready, starts[previous[operation]] + durations[previous[operation]]);
        foreach (var (dependency, lag) in graph.DependenciesOf(operation))
            ready = Math.Max(ready, starts[dependency] + durations[dependency] + grid.StepsOf(lag));
        return ready;
    }

    private static bool Push(int operation, long ready, long[] starts)
    {
        if (ready <= starts[operation]) return false;
        starts[operation] = ready;
        return true;
    }
}
