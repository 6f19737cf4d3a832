namespace ScheduleSearch.Solver.Search;

/// <summary>
/// Builds an order by letting every lane decide, in the order of time, what it does next. What decides is left to the constructions
/// that derive from it. Cost: linear in the operations, times the cost of a decision.
/// </summary>
internal abstract class LaneSimulation
{
    /// <summary>The answer of a lane that does nothing until something arrives.</summary>
    protected const int Nothing = -1;

    private readonly LaneQueue _queue;
    private readonly int[] _inputs;
    private readonly int[] _placed;
    private readonly long[] _busyUntil;
    private readonly ChainSets? _open;

    /// <summary>A simulation of a graph.</summary>
    /// <param name="graph">The operations that are ordered.</param>
    /// <param name="open">Takes the chains whose next operation's inputs are all placed; null when no decision asks for them.</param>
    protected LaneSimulation(SearchGraph graph, ChainSets? open = null)
    {
        (Graph, _open) = (graph, open);
        _queue = new LaneQueue(graph.LaneCount);
        _placed = new int[graph.LaneCount];
        _busyUntil = new long[graph.LaneCount];
        Starts = new long[graph.Count];
        ReadyAt = new long[graph.Count];
        Missing = new int[graph.Count];
        Held = new long[graph.LaneCount];
        NextInChain = new int[graph.Chains.Length];
        Head = new int[graph.Chains.Length];
        _inputs = [.. Enumerable.Range(0, graph.Count).Select(operation => graph.Before.Of(operation).Length)];
        Orders = [.. graph.LaneChains.Select(chains => new int[chains.Sum(chain => graph.Chains[chain].Length)])];
    }

    /// <summary>The start of each operation of the last run.</summary>
    public long[] Starts { get; }

    /// <summary>The order of each lane of the last run.</summary>
    public int[][] Orders { get; }

    /// <summary>The operations that are ordered.</summary>
    protected SearchGraph Graph { get; }

    /// <summary>When each operation's inputs are there, as far as they are placed.</summary>
    protected long[] ReadyAt { get; }

    /// <summary>How many of each operation's inputs are not placed yet.</summary>
    protected int[] Missing { get; }

    /// <summary>Memory units held on each lane.</summary>
    protected long[] Held { get; }

    /// <summary>How many operations of each chain are placed.</summary>
    protected int[] NextInChain { get; }

    /// <summary>The next operation of each chain; <see cref="Nothing"/> when all are placed.</summary>
    protected int[] Head { get; }

    /// <summary>Runs from the lanes' releases on.</summary>
    /// <param name="dates">The releases and deliveries.</param>
    /// <param name="heads">Ticks before which each operation is not ready; null for none.</param>
    /// <returns>The cost; null when the construction got stuck.</returns>
    protected long? Simulate(LaneDates dates, long[]? heads = null)
    {
        if (heads is null) Array.Clear(ReadyAt);
        else heads.CopyTo(ReadyAt, 0);
        Array.Clear(Held);
        Array.Clear(NextInChain);
        Array.Clear(_placed);
        _queue.Clear();
        _inputs.CopyTo(Missing, 0);
        for (var chain = 0; chain < Head.Length; chain++) Head[chain] = Graph.Chains[chain][0];
        if (_open is not null)
        {
            _open.Clear();
            for (var chain = 0; chain < Head.Length; chain++) OpenIfReady(chain);
        }

        for (var lane = 0; lane < Graph.LaneCount; lane++)
        {
            _busyUntil[lane] = dates.Release[lane];
            _queue.Bring(lane, dates.Release[lane]);
        }

        var left = Graph.Count;
        while (_queue.TryPeek(out var lane, out var time))
        {
            var operation = Choose(lane, time, out var again);
            if (operation != Nothing)
            {
                again = Place(operation, lane, time);
                left--;
            }

            _queue.Postpone(lane, again);
        }

        return left > 0 ? null : Graph.Judged(dates.Cost(_busyUntil), Starts);
    }

    /// <summary>What a lane does at a time.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="time">Now.</param>
    /// <param name="again">When nothing is chosen: the later time at which to ask again; <see cref="long.MaxValue"/> to wait for an arrival.</param>
    /// <returns>An operation whose inputs are there, or <see cref="Nothing"/>.</returns>
    protected abstract int Choose(int lane, long time, out long again);

    /// <summary>Carries out an operation.</summary>
    /// <returns>Its end.</returns>
    private long Place(int operation, int lane, long time)
    {
        Starts[operation] = time;
        var end = time + Graph.Duration[operation];
        _busyUntil[lane] = end;
        Held[lane] += Graph.Acquired[operation] - Graph.Released[operation];
        var chain = Graph.Chain[operation];
        var turn = ++NextInChain[chain];
        Head[chain] = turn < Graph.Chains[chain].Length ? Graph.Chains[chain][turn] : Nothing;
        if (_open is not null)
        {
            _open.Remove(chain);
            OpenIfReady(chain);
        }

        Orders[lane][_placed[lane]++] = operation;
        foreach (var (next, lag) in Graph.After.Of(operation))
        {
            ReadyAt[next] = Math.Max(ReadyAt[next], end + lag);
            if (--Missing[next] > 1) continue;
            if (_open is not null && Missing[next] == 0 && Head[Graph.Chain[next]] == next) _open.Add(Graph.Chain[next]);
            var other = Graph.Lane[next];
            if (other == lane) continue;
            if (Missing[next] == 0) _queue.Bring(other, Math.Max(ReadyAt[next], _busyUntil[other]));
            // A forward is recomputed when all else is there that its backward waits for.
            else if (Graph.HasRestores) _queue.Bring(other, Math.Max(time, _busyUntil[other]));
        }

        return end;
    }

    private void OpenIfReady(int chain)
    {
        if (Head[chain] != Nothing && Missing[Head[chain]] == 0) _open!.Add(chain);
    }
}
