namespace ScheduleSearch.Solver.Search;

/// <summary>
/// Tightens an order: carries it out, and whenever a device would idle, pulls forward the next operation of another of its chains that is
/// ready, fits into the gap and fits into memory. Run on the time-reversed order it pushes operations back in the same way.
/// </summary>
/// <remarks>
/// It cannot deadlock: an operation is pulled forward only when all its inputs are there, so what is left of the old order can still be
/// carried out after it. How far a pulled operation may overrun its gap is drawn at random up to a tolerance, which lets repeated passes
/// leave orders in which no single move helps.
/// </remarks>
internal sealed class Compactor : LaneSimulation
{
    private readonly IStepCheck? _check;
    private readonly int[] _rank;
    private readonly bool[] _isPlaced;
    private readonly int[] _first;
    private int[][] _old = [];
    private long[] _oldStarts = [];
    private double _tolerance;
    private Random _random = new(0);

    public Compactor(SearchGraph graph, IStepCheck? check = null)
        : base(graph)
    {
        _check = check;
        _rank = new int[graph.Count];
        _isPlaced = new bool[graph.Count];
        _first = new int[graph.LaneCount];
    }

    /// <summary>Tightens an order. See <see cref="LaneSimulation.Orders"/> for the result.</summary>
    /// <param name="orders">The order; it must fit into memory and not deadlock.</param>
    /// <param name="starts">Its starts, which tell how long a gap will be whose end is not known yet.</param>
    /// <param name="dates">How lane times make the cost.</param>
    /// <param name="tolerance">The largest part of an operation's own time by which it may overrun its gap.</param>
    /// <param name="random">Draws the tolerances.</param>
    /// <param name="heads">Ticks before which each operation does not start; null for none.</param>
    /// <returns>The cost of the result.</returns>
    public long Run(int[][] orders, long[] starts, LaneDates dates, double tolerance, Random random, long[]? heads = null)
    {
        (_old, _oldStarts, _tolerance, _random) = (orders, starts, tolerance, random);
        Array.Clear(_isPlaced);
        Array.Clear(_first);
        foreach (var order in orders)
        {
            for (var position = 0; position < order.Length; position++) _rank[order[position]] = position;
        }

        var cost = Simulate(dates, heads) ?? throw new InvalidOperationException("The order to be tightened deadlocks.");
        _check?.Compacted(Graph, Orders, Starts, cost, dates);
        return cost;
    }

    protected override int Choose(int lane, long time, out long again)
    {
        _check?.BeforeChoice(Graph, _old, Orders, NextInChain, Starts, Held);
        again = long.MaxValue;
        var order = _old[lane];
        while (_first[lane] < order.Length && _isPlaced[order[_first[lane]]]) _first[lane]++;
        if (_first[lane] == order.Length) return Nothing;

        var planned = order[_first[lane]];
        var known = Missing[planned] == 0;
        if (known && ReadyAt[planned] <= time) return Take(planned);
        var gapEnd = known ? ReadyAt[planned] : Math.Max(time, _oldStarts[planned]);
        var pulled = BestToPull(lane, time, gapEnd, out again);
        if (known) again = Math.Min(again, ReadyAt[planned]);
        return pulled == Nothing ? Nothing : Take(pulled);
    }

    private int Take(int operation)
    {
        _isPlaced[operation] = true;
        return operation;
    }

    /// <summary>The operation that the old order has first among those that can fill the gap.</summary>
    private int BestToPull(int lane, long time, long gapEnd, out long again)
    {
        var (best, bestRank) = (Nothing, int.MaxValue);
        again = long.MaxValue;
        foreach (var chain in Graph.LaneChains[lane])
        {
            var operation = Head[chain];
            if (operation == Nothing || Missing[operation] > 0 || _rank[operation] >= bestRank) continue;
            if (ReadyAt[operation] > time)
            {
                again = Math.Min(again, ReadyAt[operation]);
                continue;
            }

            var duration = Graph.Duration[operation];
            if (duration > gapEnd - time && duration * (1 - _tolerance * _random.NextDouble()) > gapEnd - time) continue;
            if (!FitsMemory(lane, operation)) continue;
            (best, bestRank) = (operation, _rank[operation]);
        }

        return best;
    }

    /// <summary>Whether memory holds an operation here and everything that it overtakes after it.</summary>
    private bool FitsMemory(int lane, int operation)
    {
        var limit = Graph.Limit[lane];
        if (limit == long.MaxValue) return true;
        var held = Held[lane] + Graph.Acquired[operation];
        if (held > limit) return false;
        var kept = Graph.Acquired[operation] - Graph.Released[operation];
        if (kept <= 0) return true;
        held -= Graph.Released[operation];
        var order = _old[lane];
        for (var position = _first[lane]; order[position] != operation; position++)
        {
            var overtaken = order[position];
            if (_isPlaced[overtaken]) continue;
            held += Graph.Acquired[overtaken];
            if (held > limit) return false;
            held -= Graph.Released[overtaken];
        }

        return true;
    }
}
