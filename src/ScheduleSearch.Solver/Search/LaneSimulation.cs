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
    private readonly bool _keepsOpenChains;
    private readonly int[][] _open;
    private readonly int[] _openCount;
    private readonly int[] _openAt;
    private readonly bool[] _isOpen;

    /// <summary>A simulation of a graph.</summary>
    /// <param name="graph">The operations that are ordered.</param>
    /// <param name="keepsOpenChains">Whether decisions ask for <see cref="OpenChains"/>, which take time to keep at every placement.</param>
    protected LaneSimulation(SearchGraph graph, bool keepsOpenChains = false)
    {
        (Graph, _keepsOpenChains) = (graph, keepsOpenChains);
        _queue = new LaneQueue(graph.LaneCount);
        _placed = new int[graph.LaneCount];
        _busyUntil = new long[graph.LaneCount];
        Starts = new long[graph.Count];
        ReadyAt = new long[graph.Count];
        Missing = new int[graph.Count];
        Held = new long[graph.LaneCount];
        NextInChain = new int[graph.Chains.Length];
        Head = new int[graph.Chains.Length];
        _inputs = [.. Enumerable.Range(0, graph.Count).Select(operation => graph.Before.First[operation + 1] - graph.Before.First[operation])];
        _open = [.. graph.LaneChains.Select(chains => new int[chains.Length])];
        _openCount = new int[graph.LaneCount];
        _openAt = new int[graph.Chains.Length];
        _isOpen = new bool[graph.Chains.Length];
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

    /// <summary>The chains of a lane whose next operation's inputs are all placed, in no order.</summary>
    protected ReadOnlySpan<int> OpenChains(int lane) => _open[lane].AsSpan(0, _openCount[lane]);

    /// <summary>Runs from the lanes' releases on.</summary>
    /// <returns>Last end plus delivery over all lanes; null when the construction got stuck.</returns>
    protected long? Simulate(LaneDates dates)
    {
        Array.Clear(ReadyAt);
        Array.Clear(Held);
        Array.Clear(NextInChain);
        Array.Clear(_placed);
        _queue.Clear();
        _inputs.CopyTo(Missing, 0);
        for (var chain = 0; chain < Head.Length; chain++) Head[chain] = Graph.Chains[chain][0];
        if (_keepsOpenChains) OpenFirst();

        for (var lane = 0; lane < Graph.LaneCount; lane++)
        {
            _busyUntil[lane] = dates.Release[lane];
            _queue.Bring(lane, dates.Release[lane]);
        }

        var left = Graph.Count;
        while (_queue.TryTake(out var lane, out var time))
        {
            var operation = Choose(lane, time, out var again);
            if (operation != Nothing)
            {
                Place(operation, lane, time);
                left--;
            }
            else if (again != long.MaxValue)
            {
                _queue.Bring(lane, again);
            }
        }

        return left > 0 ? null : dates.Cost(_busyUntil);
    }

    /// <summary>What a lane does at a time.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="time">Now.</param>
    /// <param name="again">When nothing is chosen: the later time at which to ask again; <see cref="long.MaxValue"/> to wait for an arrival.</param>
    /// <returns>An operation whose inputs are there, or <see cref="Nothing"/>.</returns>
    protected abstract int Choose(int lane, long time, out long again);

    private void Place(int operation, int lane, long time)
    {
        Starts[operation] = time;
        var end = time + Graph.Duration[operation];
        _busyUntil[lane] = end;
        Held[lane] += Graph.Acquired[operation] - Graph.Released[operation];
        var chain = Graph.Chain[operation];
        var turn = ++NextInChain[chain];
        Head[chain] = turn < Graph.Chains[chain].Length ? Graph.Chains[chain][turn] : Nothing;
        if (_keepsOpenChains) Reopen(chain);
        Orders[lane][_placed[lane]++] = operation;
        var after = Graph.After;
        for (var edge = after.First[operation]; edge < after.First[operation + 1]; edge++)
        {
            var next = after.Operation[edge];
            ReadyAt[next] = Math.Max(ReadyAt[next], end + after.Lag[edge]);
            if (--Missing[next] > 1) continue;
            if (_keepsOpenChains && Missing[next] == 0) OpenIfReady(Graph.Chain[next]);
            var other = Graph.Lane[next];
            if (other == lane) continue;
            if (Missing[next] == 0) _queue.Bring(other, Math.Max(ReadyAt[next], _busyUntil[other]));
            // A forward is recomputed when all else is there that its backward waits for.
            else if (Graph.HasRestores) _queue.Bring(other, Math.Max(time, _busyUntil[other]));
        }

        _queue.Bring(lane, end);
    }

    /// <summary>The inputs of a chain's next operation are all placed: it joins <see cref="OpenChains"/>, unless who derives keeps it elsewhere.</summary>
    protected virtual void Open(int chain)
    {
        var lane = Graph.Lane[Graph.Chains[chain][0]];
        _openAt[chain] = _openCount[lane];
        _open[lane][_openCount[lane]++] = chain;
    }

    /// <summary>The next operation of an open chain is placed.</summary>
    protected virtual void Close(int chain)
    {
        var lane = Graph.Lane[Graph.Chains[chain][0]];
        // The last one takes its place.
        var last = _open[lane][--_openCount[lane]];
        _open[lane][_openAt[chain]] = last;
        _openAt[last] = _openAt[chain];
    }

    private void OpenFirst()
    {
        Array.Clear(_openCount);
        Array.Clear(_isOpen);
        for (var chain = 0; chain < Head.Length; chain++) OpenIfReady(chain);
    }

    private void Reopen(int chain)
    {
        _isOpen[chain] = false;
        Close(chain);
        OpenIfReady(chain);
    }

    private void OpenIfReady(int chain)
    {
        if (_isOpen[chain] || Head[chain] == Nothing || Missing[Head[chain]] > 0) return;
        _isOpen[chain] = true;
        Open(chain);
    }
}
