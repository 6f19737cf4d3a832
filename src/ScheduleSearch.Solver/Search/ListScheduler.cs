using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Solver.Search;

/// <summary>The choices that steer a list scheduler; each is part of what is searched.</summary>
/// <param name="InFlight">For each stage, the most microbatches between its forward and its input gradient.</param>
/// <param name="WeightTolerance">For each lane, ticks by which a weight gradient may delay an operation that is known to arrive.</param>
/// <param name="BackwardWait">For each lane, ticks within which an arriving backward makes a forward wait.</param>
/// <param name="Bias">For each chain, added to the microbatch number to rank the operations that are ready; the least goes first.</param>
internal sealed record ListPolicy(int[] InFlight, long[] WeightTolerance, long[] BackwardWait, double[] Bias)
{
    /// <summary>A copy that can be changed.</summary>
    public ListPolicy Copy() => new([.. InFlight], [.. WeightTolerance], [.. BackwardWait], [.. Bias]);
}

/// <summary>
/// A memory-aware list scheduler: whenever a device is free it takes the best-ranked forward or backward that is ready and allowed, and
/// fills its gaps with weight gradients.
/// </summary>
/// <remarks>
/// It cannot get stuck on memory: a forward is started only if the oldest microbatch whose forwards on the device are not all done can
/// still finish them beside everything younger. The oldest microbatch of all can then always go on, and its backward frees what it holds.
/// </remarks>
internal sealed class ListScheduler : LaneSimulation
{
    private readonly int[][] _forwards;
    private readonly int[] _backwardOf;
    private ListPolicy _policy = null!;

    public ListScheduler(SearchGraph graph)
        : base(graph)
    {
        _forwards = [.. graph.LaneChains.Select(chains => chains.Where(chain => graph.ChainKind[chain] == OperationKind.Forward).ToArray())];
        _backwardOf = new int[graph.Chains.Length];
        foreach (var chains in graph.LaneChains)
        {
            foreach (var chain in chains)
            {
                _backwardOf[chain] = Array.Find(chains, other => graph.ChainStage[other] == graph.ChainStage[chain] && IsBackward(other));
            }
        }
    }

    /// <summary>Builds an order. See <see cref="LaneSimulation.Orders"/> for it.</summary>
    /// <returns>Its cost; null when the policy got stuck.</returns>
    public long? Run(ListPolicy policy, LaneWindows windows)
    {
        _policy = policy;
        return Simulate(windows);
    }

    protected override int Choose(int lane, long time, out long again)
    {
        var (best, weight) = (Nothing, Nothing);
        var bestRank = double.MaxValue;
        var (nextArrival, nextBackward) = (long.MaxValue, long.MaxValue);
        var shortOfMemory = false;
        foreach (var chain in Graph.LaneChains[lane])
        {
            var next = NextInChain[chain];
            var operations = Graph.Chains[chain];
            if (next == operations.Length) continue;
            var operation = operations[next];
            if (Missing[operation] > 0) continue;
            if (Graph.ChainKind[chain] == OperationKind.BackwardWeight)
            {
                // Of two pending weight gradients the older microbatch's goes first.
                if (weight == Nothing || next < NextInChain[Graph.Chain[weight]]) weight = operation;
                continue;
            }

            if (IsForward(chain) && !MayStart(lane, chain, operation, ref shortOfMemory)) continue;
            var ready = ReadyAt[operation];
            if (ready > time)
            {
                nextArrival = Math.Min(nextArrival, ready);
                if (IsBackward(chain)) nextBackward = Math.Min(nextBackward, ready);
                continue;
            }

            var rank = next + _policy.Bias[chain];
            if (rank >= bestRank) continue;
            (best, bestRank) = (operation, rank);
        }

        again = nextArrival;
        if (best != Nothing)
        {
            var waits = Graph.ChainKind[Graph.Chain[best]] == OperationKind.Forward && nextBackward - time < _policy.BackwardWait[lane];
            if (!waits) return best;
            again = nextBackward;
            nextArrival = nextBackward;
        }

        if (weight == Nothing) return Nothing;
        var fits = nextArrival == long.MaxValue || nextArrival - time >= Graph.Duration[weight] - _policy.WeightTolerance[lane];
        return shortOfMemory || fits ? weight : Nothing;
    }

    private bool MayStart(int lane, int chain, int forward, ref bool shortOfMemory)
    {
        var taken = Graph.Acquired[forward];
        var inFlight = NextInChain[chain] - NextInChain[_backwardOf[chain]];
        if (inFlight >= _policy.InFlight[Graph.ChainStage[chain]]) return false;
        if (!LeavesRoomForOldest(lane, chain, taken)) return false;
        if (Held[lane] + taken <= Graph.Limit[lane]) return true;
        shortOfMemory = true;
        return false;
    }

    private bool LeavesRoomForOldest(int lane, int chain, long taken)
    {
        if (Graph.Limit[lane] == long.MaxValue) return true;
        var forwards = _forwards[lane];
        var oldest = NextInChain[forwards[^1]];
        if (NextInChain[chain] == oldest) return true;
        var needed = taken;
        foreach (var other in forwards)
        {
            var done = NextInChain[other] - oldest;
            if (done > 0) needed += done * Graph.Acquired[Graph.Chains[other][0]];
            else needed += Graph.Acquired[Graph.Chains[other][0]];
        }

        return needed <= Graph.Limit[lane];
    }

    private bool IsForward(int chain) => Graph.ChainKind[chain] == OperationKind.Forward;

    private bool IsBackward(int chain) => Graph.ChainKind[chain] is OperationKind.BackwardInput or OperationKind.Backward;
}
