using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Solver.Search.Periodic;

/// <summary>
/// The operations of a few microbatches of each pipe that repeat with a period: what a steady state is made of. An item is one chain's operation for
/// one of the kernel's microbatches; the kernel's start times follow greedily from a delay for each item.
/// </summary>
/// <remarks>
/// Items are placed in the order in which a microbatch meets them, weight gradients last, each at the first time after its inputs and its
/// delay at which its lane is free modulo the period. Memory is counted in the steady state: what is taken at a phase less what is freed,
/// over all earlier repetitions. Warm-up and cool-down hold a part of that, so what fits here fits everywhere.
/// </remarks>
internal sealed class Kernel
{
    private readonly SearchGraph _graph;
    private readonly int[] _items;
    private readonly int[][] _laneItems;
    private readonly int _chains;
    private readonly (long Phase, long Duration)[][] _taken;
    private readonly int[] _takenCount;
    private readonly (long Phase, bool IsStart, long Change)[] _events;

    /// <summary>A kernel of so many microbatches of each pipe, at least 1 and at most as many as the graph has.</summary>
    public Kernel(SearchGraph graph, int microbatches)
    {
        (_graph, Microbatches, _chains) = (graph, microbatches, graph.Chains.Length);
        Starts = new long[_chains * microbatches];
        var first = graph.Chains.Select((chain, index) => (Operation: chain[0], Chain: index))
            .OrderBy(entry => graph.ChainKind[entry.Chain] == OperationKind.BackwardWeight)
            .ThenBy(entry => entry.Operation)
            .Select(entry => entry.Chain)
            .ToArray();
        _items = [.. Enumerable.Range(0, microbatches).SelectMany(microbatch => first.Select(chain => microbatch * _chains + chain))
            .OrderBy(item => graph.ChainKind[item % _chains] == OperationKind.BackwardWeight)];
        _laneItems =
        [
            .. graph.LaneChains.Select(chains => chains.SelectMany(chain => Enumerable.Range(0, microbatches).Select(at => at * _chains + chain)).ToArray()),
        ];
        _taken = [.. _laneItems.Select(items => new (long, long)[items.Length])];
        _takenCount = new int[graph.LaneCount];
        _events = new (long, bool, long)[2 * _laneItems.Max(items => items.Length)];
    }

    /// <summary>Microbatches of each pipe that the kernel holds.</summary>
    public int Microbatches { get; }

    /// <summary>The number of items.</summary>
    public int Count => Starts.Length;

    /// <summary>Start of each item: microbatch * chains + chain.</summary>
    public long[] Starts { get; }

    /// <summary>The longest busy time of a lane within one period: no shorter period is possible.</summary>
    public long LeastPeriod => _laneItems.Max(items => items.Sum(Duration));

    /// <summary>Ticks of an item.</summary>
    public long Duration(int item) => _graph.Duration[OperationOf(item)];

    /// <summary>The kind of operation that an item is.</summary>
    public OperationKind KindOf(int item) => _graph.ChainKind[item % _chains];

    /// <summary>
    /// Ticks from the end of the operation that hands an item its activation or gradient to the item's start, at the least; null when that
    /// operation is not on a lower lane.
    /// </summary>
    public long? LagFromBelow(int item)
    {
        var operation = OperationOf(item);
        foreach (var (input, lag) in _graph.Before.Of(operation))
        {
            if (_graph.Lane[input] < _graph.Lane[operation]) return lag;
        }

        return null;
    }

    /// <summary>Places all items.</summary>
    /// <param name="period">The period.</param>
    /// <param name="delays">For each item, ticks to wait after its inputs.</param>
    /// <returns>How far memory limits are passed, in shares of each lane's limit summed over lanes, plus 1 for each item that found no free place.</returns>
    public double Place(long period, long[] delays)
    {
        Array.Clear(_takenCount);
        var excess = 0.0;
        foreach (var item in _items)
        {
            var lane = _graph.Lane[OperationOf(item)];
            var ready = Ready(item, period) + delays[item];
            if (FirstFree(lane, ready, Duration(item), period) is { } start) ready = start;
            else excess += 1;
            Starts[item] = ready;
            if (Duration(item) > 0) _taken[lane][_takenCount[lane]++] = (ready % period, Duration(item));
        }

        for (var lane = 0; lane < _laneItems.Length; lane++)
        {
            var limit = _graph.Limit[lane];
            if (limit != long.MaxValue) excess += Math.Max(0, PeakMemory(lane, period) - limit) / (double)limit;
        }

        return excess;
    }

    /// <summary>The orders of all microbatches when the kernel repeats: for each lane its operations by time.</summary>
    public int[][] Unroll(long period)
    {
        var orders = new int[_graph.LaneCount][];
        for (var lane = 0; lane < orders.Length; lane++)
        {
            var timed = new List<(long Start, int Rank, int Chain, int Turn)>();
            foreach (var item in _laneItems[lane])
            {
                var chain = item % _chains;
                for (int turn = item / _chains, round = 0; turn < _graph.Chains[chain].Length; turn += Microbatches, round++)
                    timed.Add((Starts[item] + round * period, _graph.Chains[chain][turn], chain, turn));
            }

            timed.Sort();
            orders[lane] = InTurn(timed);
        }

        return orders;
    }

    private int[] InTurn(List<(long Start, int Rank, int Chain, int Turn)> timed)
    {
        var next = new int[_chains];
        return [.. timed.Select(entry => _graph.Chains[entry.Chain][next[entry.Chain]++])];
    }

    private int OperationOf(int item) => _graph.Chains[item % _chains][0];

    private long Ready(int item, long period)
    {
        var (operation, microbatch) = (OperationOf(item), item / _chains);
        var ready = period * microbatch / Microbatches;
        foreach (var (input, lag) in _graph.Before.Of(operation))
            ready = Math.Max(ready, Starts[microbatch * _chains + _graph.Chain[input]] + _graph.Duration[input] + lag);

        return ready;
    }

    private long? FirstFree(int lane, long ready, long duration, long period)
    {
        var start = ready;
        for (var moved = true; moved;)
        {
            moved = false;
            for (var index = 0; index < _takenCount[lane]; index++)
            {
                var (phase, length) = _taken[lane][index];
                var behind = (start - phase) % period;
                if (behind < 0) behind += period;
                if (behind >= length && behind + duration <= period) continue;
                start += behind < length ? length - behind : period - behind + length;
                if (start - ready > period) return null;
                moved = true;
            }
        }

        return start;
    }

    private long PeakMemory(int lane, long period)
    {
        var (held, count) = (0L, 0);
        foreach (var item in _laneItems[lane])
        {
            var operation = OperationOf(item);
            var (start, end) = (Starts[item], Starts[item] + Duration(item));
            var (acquired, released) = (_graph.Acquired[operation], _graph.Released[operation]);
            held += released * (end / period) - acquired * (start / period);
            if (acquired > 0) _events[count++] = (start % period, true, acquired);
            if (released > 0) _events[count++] = (end % period, false, -released);
        }

        Array.Sort(_events, 0, count);
        var peak = long.MinValue;
        for (var index = 0; index < count; index++)
        {
            held += _events[index].Change;
            peak = Math.Max(peak, held);
        }

        return peak;
    }
}
