using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Solver.Search.Constructions;

/// <summary>
/// A memory-aware list scheduler: whenever a device is free it takes the best-ranked forward or backward that is ready and allowed, and
/// fills its gaps with weight gradients, and what is left of them with pieces of other work.
/// </summary>
/// <remarks>
/// It cannot get stuck on memory: a forward is started only if the oldest microbatch whose forwards on the device are not all done can
/// still finish them beside everything younger. The oldest microbatch of all can then always go on, and its backward frees what it holds.
/// <see cref="RoomForOldest"/> sees to that where more than whole activations of one pipe is held.
/// </remarks>
internal sealed class ListScheduler : LaneSimulation
{
    private readonly ChainSets _open;
    private readonly int[][] _forwards;
    private readonly int[] _backwardOf;
    private readonly OperationRole[] _role;
    private readonly long[] _taken;
    private readonly int[] _inFlight;
    private readonly RoomForOldest? _room;
    private readonly bool[] _hasPieces;
    private readonly int[][] _urgent;
    private readonly long[] _neededByOldest;
    private readonly PriorityQueue<int, (int Turn, int Chain)>[] _weights;
    private ListPolicy _policy = null!;

    public ListScheduler(SearchGraph graph)
        : this(graph, OpenSets(graph))
    {
    }

    private ListScheduler(SearchGraph graph, ChainSets open)
        : base(graph, open)
    {
        _open = open;
        _role = [.. graph.ChainKind.Select(kind => kind.Facts().Role)];
        _taken = [.. graph.Chains.Select(chain => chain.Max(operation => graph.Acquired[operation]))];
        _inFlight = new int[graph.Chains.Length];
        (_forwards, _backwardOf) = (RoomForOldest.ForwardsOf(graph), RoomForOldest.BackwardsOf(graph));
        _hasPieces = [.. graph.LaneChains.Select(chains => Array.Exists(chains, chain => _role[chain] == OperationRole.Fill))];
        _urgent = [.. graph.LaneChains.Select(chains => Array.FindAll(chains, chain => graph.LatestStart?[graph.Chains[chain][0]] < long.MaxValue))];
        _neededByOldest = new long[graph.LaneCount];
        _weights = [.. graph.LaneChains.Select(_ => new PriorityQueue<int, (int Turn, int Chain)>())];
        _room = graph.IsPlain ? null : new RoomForOldest(graph, _forwards, _backwardOf);
    }

    /// <summary>Chains looked at so far: the cost of all decisions.</summary>
    public long Looked { get; private set; }

    /// <summary>Builds an order. See <see cref="LaneSimulation.Orders"/> for it.</summary>
    /// <returns>Its cost; null when the policy got stuck.</returns>
    public long? Run(ListPolicy policy, LaneDates dates)
    {
        _policy = policy;
        for (var chain = 0; chain < _inFlight.Length; chain++) _inFlight[chain] = policy.InFlight[Graph.ChainStage[chain]];
        _room?.Clear();
        Array.Fill(_neededByOldest, Nothing);
        foreach (var weights in _weights) weights.Clear();
        return Simulate(dates);
    }

    protected override int Choose(int lane, long time, out long again)
    {
        var operation = Next(lane, time, out again);
        if (_urgent[lane].Length > 0) operation = InTime(lane, time, operation, ref again);
        if (operation == Nothing) return operation;
        _room?.Take(operation);
        var role = _role[Graph.Chain[operation]];
        if (role == OperationRole.Forward) _neededByOldest[lane] = Nothing;
        else if (role == OperationRole.WeightGradient) _weights[lane].Dequeue();
        return operation;
    }

    private int Next(int lane, long time, out long again)
    {
        foreach (var chain in _open.In(Graph.LaneCount + lane)) Defer(lane, chain);
        var (best, weight) = (Nothing, _weights[lane].TryPeek(out var oldest, out _) ? Head[oldest] : Nothing);
        var (bestRank, bestIsForward) = (double.MaxValue, false);
        var (nextArrival, nextBackward) = (long.MaxValue, long.MaxValue);
        var shortOfMemory = false;
        foreach (var chain in _open.In(lane))
        {
            Looked++;
            var operation = Head[chain];
            var (turn, role) = (Graph.Rank[operation], _role[chain]);
            if (role == OperationRole.Fill) continue;
            if (role == OperationRole.Forward && !MayStart(lane, chain, ref shortOfMemory)) continue;
            if (role == OperationRole.Restore && !MayRestore(lane, chain, ref shortOfMemory)) continue;
            if (role is OperationRole.InputGradient or OperationRole.WholeBackward or OperationRole.Shard
                && !MayHold(lane, Graph.Acquired[operation], ref shortOfMemory)) continue;
            var ready = role == OperationRole.Restore ? RestoreAt(chain) : ReadyAt[operation];
            if (ready > time)
            {
                nextArrival = Math.Min(nextArrival, ready);
                if (role != OperationRole.Forward) nextBackward = Math.Min(nextBackward, ready);
                continue;
            }

            var rank = turn + _policy.Bias[chain];
            if (rank >= bestRank) continue;
            (best, bestRank, bestIsForward) = (operation, rank, role == OperationRole.Forward);
        }

        again = nextArrival;
        if (best != Nothing)
        {
            if (!bestIsForward || nextBackward - time >= _policy.BackwardWait[lane]) return best;
            again = nextArrival = nextBackward;
        }

        if (weight == Nothing) return PieceFor(lane, time, nextArrival, ref again);
        var fits = nextArrival == long.MaxValue || nextArrival - time >= Graph.Duration[weight] - _policy.WeightTolerance[lane];
        return shortOfMemory || fits ? weight : PieceFor(lane, time, nextArrival, ref again);
    }

    /// <summary>What is chosen, unless what has to be done in time would then start later than it should.</summary>
    private int InTime(int lane, long time, int chosen, ref long again)
    {
        var urgent = Nothing;
        foreach (var chain in _urgent[lane])
        {
            if (Head[chain] is var head && head != Nothing && (urgent == Nothing || Graph.LatestStart![head] < Graph.LatestStart[urgent])) urgent = head;
        }

        if (urgent == Nothing || urgent == chosen) return chosen;
        var latest = Graph.LatestStart![urgent];
        if (time + (chosen == Nothing ? 0 : Graph.Duration[chosen]) <= latest && (chosen != Nothing || time < latest))
        {
            if (chosen == Nothing) again = Math.Min(again, latest);
            return chosen;
        }

        again = Missing[urgent] > 0 ? long.MaxValue : ReadyAt[urgent];
        return Missing[urgent] > 0 || ReadyAt[urgent] > time ? Nothing : urgent;
    }

    /// <summary>
    /// The longest piece of other work that fits into a gap. How long one is whose end nobody knows yet is a guess: a tolerant policy takes it to be long
    /// enough, another one fills it only when nothing else is left on the lane.
    /// </summary>
    private int PieceFor(int lane, long time, long nextArrival, ref long again)
    {
        var best = Nothing;
        if (!_hasPieces[lane]) return best;
        foreach (var chain in _open.In(lane))
        {
            var piece = Head[chain];
            if (_role[chain] != OperationRole.Fill) continue;
            if (ReadyAt[piece] > time) again = Math.Min(again, ReadyAt[piece]);
            else if (nextArrival - time >= Graph.Duration[piece] && (best == Nothing || Graph.Duration[piece] > Graph.Duration[best])) best = piece;
        }

        return nextArrival < long.MaxValue || _policy.WeightTolerance[lane] > 0 || IsLast(lane) ? best : Nothing;
    }

    /// <summary>Whether nothing but pieces of other work is left on a lane.</summary>
    private bool IsLast(int lane) => Array.TrueForAll(Graph.LaneChains[lane], chain => Head[chain] == Nothing || _role[chain] == OperationRole.Fill);

    /// <summary>
    /// Of pending weight gradients, of which there may be one for each stage, the oldest microbatch's goes first, among equals that of the first chain.
    /// </summary>
    private void Defer(int lane, int chain)
    {
        _weights[lane].Enqueue(chain, (Graph.Rank[Head[chain]], chain));
        _open.Remove(chain);
    }

    /// <summary>For each lane a set of what a decision looks at; then for each lane one of weight gradients that have yet to join the pending ones.</summary>
    private static ChainSets OpenSets(SearchGraph graph)
    {
        var isWeight = graph.ChainKind.Select(kind => kind.Facts().Role == OperationRole.WeightGradient).ToArray();
        var looked = graph.LaneChains.Select(chains => Array.FindAll(chains, chain => !isWeight[chain]));
        var deferred = graph.LaneChains.Select(chains => Array.FindAll(chains, chain => isWeight[chain]));
        return new ChainSets([.. looked, .. deferred], graph.Chains.Length);
    }

    private bool MayStart(int lane, int chain, ref bool shortOfMemory)
    {
        if (_backwardOf[chain] != Nothing && NextInChain[chain] - NextInChain[_backwardOf[chain]] >= _inFlight[chain]) return false;
        if (Graph.Limit[lane] == long.MaxValue) return true;
        if (!(_room?.IsLeftBy(Head[chain], lane, NextInChain) ?? LeavesRoomForOldest(lane, chain))) return false;
        if (_room?.Fits(Head[chain], lane, Held[lane], NextInChain) ?? Held[lane] + Graph.Acquired[Head[chain]] <= Graph.Limit[lane]) return true;
        shortOfMemory = true;
        return false;
    }

    /// <summary>
    /// One forward of a stage at a time is recomputed, when all else is on its way that its backward waits for: then that frees it
    /// again.
    /// </summary>
    private bool MayRestore(int lane, int chain, ref bool shortOfMemory)
    {
        var backward = Head[_backwardOf[chain]];
        if (NextInChain[_backwardOf[chain]] != NextInChain[chain] || Missing[backward] > 1) return false;
        return MayHold(lane, Graph.Acquired[Head[chain]] + Graph.Acquired[backward], ref shortOfMemory);
    }

    private bool MayHold(int lane, long more, ref bool shortOfMemory)
    {
        if (Graph.Limit[lane] == long.MaxValue || Held[lane] + more <= Graph.Limit[lane]) return true;
        shortOfMemory = true;
        return false;
    }

    /// <summary>So late that the backward follows at once.</summary>
    private long RestoreAt(int chain) => Math.Max(ReadyAt[Head[chain]], ReadyAt[Head[_backwardOf[chain]]] - Graph.Duration[Head[chain]]);

    private bool LeavesRoomForOldest(int lane, int chain)
    {
        var forwards = _forwards[lane];
        if (NextInChain[chain] == NextInChain[forwards[^1]]) return true;
        if (_neededByOldest[lane] == Nothing) _neededByOldest[lane] = NeededByOldest(forwards);
        return _taken[chain] + _neededByOldest[lane] <= Graph.Limit[lane];
    }

    /// <summary>
    /// What the oldest microbatch whose forwards on a lane are not all done needs, and all younger ones hold, as long as no forward is placed.
    /// </summary>
    private long NeededByOldest(int[] forwards)
    {
        var (oldest, needed) = (NextInChain[forwards[^1]], 0L);
        foreach (var forward in forwards) needed += Math.Max(1, NextInChain[forward] - oldest) * _taken[forward];
        return needed;
    }
}
