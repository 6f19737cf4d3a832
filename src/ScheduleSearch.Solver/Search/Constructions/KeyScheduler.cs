namespace ScheduleSearch.Solver.Search.Constructions;

/// <summary>
/// Carries out operations in the order of given keys, each lane by itself. Where the next one cannot run yet, or memory does not hold it, what
/// frees memory goes first, so keys need not come from an order that fits or that no other lane delays.
/// </summary>
internal sealed class KeyScheduler(SearchGraph graph) : LaneSimulation(graph)
{
    private long[] _keys = [];

    /// <summary>Builds an order. See <see cref="LaneSimulation.Orders"/> for it.</summary>
    /// <param name="keys">For each operation its key; along a chain keys must not fall.</param>
    /// <param name="dates">How lane times make the cost.</param>
    /// <returns>Its cost; null when the keys lead to a deadlock.</returns>
    public long? Run(long[] keys, LaneDates dates)
    {
        _keys = keys;
        return Simulate(dates);
    }

    protected override int Choose(int lane, long time, out long again)
    {
        again = long.MaxValue;
        var (next, freeing) = (Nothing, Nothing);
        foreach (var chain in Graph.LaneChains[lane])
        {
            var operation = Head[chain];
            if (operation == Nothing) continue;
            if (next == Nothing || _keys[operation] < _keys[next]) next = operation;
            var frees = Graph.Released[operation] > Graph.Acquired[operation];
            if (frees && IsReady(operation, time) && Fits(lane, operation) && (freeing == Nothing || _keys[operation] < _keys[freeing])) freeing = operation;
        }

        if (next == Nothing) return Nothing;
        if (Missing[next] > 0 || !Fits(lane, next)) return freeing;
        if (ReadyAt[next] <= time) return next;
        again = ReadyAt[next];
        return Nothing;
    }

    private bool Fits(int lane, int operation) => Held[lane] + Graph.Acquired[operation] <= Graph.Limit[lane];

    private bool IsReady(int operation, long time) => Missing[operation] == 0 && ReadyAt[operation] <= time;
}
