using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Solver.Search.Constructions;

/// <summary>
/// Carries out operations in the order of given keys as far as memory lets it: what leaves the oldest microbatch of a lane too little memory waits, and what
/// comes after it goes first. Keys of an order that holds more than memory does lead to one that does not, near it; where <see cref="KeyScheduler"/> would wait
/// for ever, this goes on.
/// </summary>
/// <remarks>
/// It cannot get stuck where <see cref="RoomForOldest"/> leaves room: the next operation of the oldest microbatch of all finds its inputs and its memory, and
/// may always overtake.
/// </remarks>
internal sealed class ReadyScheduler : LaneSimulation
{
    private readonly OperationRole[] _role;
    private readonly int[][] _forwards;
    private readonly int[] _backwardOf;
    private readonly RoomForOldest _room;
    private long[] _keys = [];
    private bool _follows;

    public ReadyScheduler(SearchGraph graph)
        : base(graph)
    {
        _role = [.. graph.ChainKind.Select(kind => kind.Facts().Role)];
        (_forwards, _backwardOf) = (RoomForOldest.ForwardsOf(graph), RoomForOldest.BackwardsOf(graph));
        _room = new RoomForOldest(graph, _forwards, _backwardOf);
    }

    /// <summary>Builds an order. See <see cref="LaneSimulation.Orders"/> for it.</summary>
    /// <param name="keys">For each operation its key.</param>
    /// <param name="follows">
    /// Whether a lane waits for what comes first by the keys, but for backwards and forwards of its oldest microbatch, instead of taking whatever is ready.
    /// </param>
    /// <param name="dates">How lane times make the cost.</param>
    /// <returns>Its cost; null when it got stuck.</returns>
    public long? Run(long[] keys, bool follows, LaneDates dates)
    {
        (_keys, _follows) = (keys, follows);
        _room.Clear();
        return Simulate(dates);
    }

    protected override int Choose(int lane, long time, out long again)
    {
        again = long.MaxValue;
        var (next, ready, oldest) = (Nothing, Nothing, _follows ? OldestOn(lane) : 0);
        foreach (var chain in Graph.LaneChains[lane])
        {
            var operation = Head[chain];
            if (operation == Nothing || !MayRun(lane, chain)) continue;
            if (IsBefore(operation, next)) next = operation;
            if (Missing[operation] > 0 || (_follows && _role[chain] == OperationRole.Forward && MicrobatchOf(operation) != oldest)) continue;
            if (ReadyAt[operation] > time) again = Math.Min(again, ReadyAt[operation]);
            else if (IsBefore(operation, ready)) ready = operation;
        }

        if (_follows && next != Nothing && Missing[next] == 0)
        {
            again = ReadyAt[next];
            ready = again <= time ? next : Nothing;
        }

        if (ready != Nothing) _room.Take(ready);
        return ready;
    }

    private bool IsBefore(int operation, int other) => other == Nothing || _keys[operation] < _keys[other];

    private bool MayRun(int lane, int chain) => _role[chain] switch
    {
        _ when Graph.Limit[lane] == long.MaxValue => true,
        OperationRole.Forward => _room.IsLeftBy(Head[chain], lane, NextInChain) && _room.Fits(Head[chain], lane, Held[lane], NextInChain),
        OperationRole.Restore => MayRestore(lane, chain),
        _ => Held[lane] + Graph.Acquired[Head[chain]] <= Graph.Limit[lane],
    };

    /// <summary>One forward of a stage at a time is recomputed, when all else is on its way that its backward waits for.</summary>
    private bool MayRestore(int lane, int chain) =>
        Head[_backwardOf[chain]] is var backward && NextInChain[_backwardOf[chain]] == NextInChain[chain] && Missing[backward] <= 1
        && Held[lane] + Graph.Acquired[Head[chain]] + Graph.Acquired[backward] <= Graph.Limit[lane];

    /// <summary>The oldest microbatch whose forwards on a lane are not all done.</summary>
    private int OldestOn(int lane)
    {
        var oldest = int.MaxValue;
        foreach (var chain in _forwards[lane])
        {
            if (Head[chain] != Nothing) oldest = Math.Min(oldest, MicrobatchOf(Head[chain]));
        }

        return oldest;
    }

    private int MicrobatchOf(int operation) => Graph.Rank[operation] / Graph.SliceCount;
}
