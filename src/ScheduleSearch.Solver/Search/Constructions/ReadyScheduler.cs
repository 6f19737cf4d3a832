using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Solver.Search.Constructions;

/// <summary>
/// Carries out, whenever a lane is free, what is ready, leaves the oldest microbatch the memory that it needs, and comes first by given keys. Keys of an order
/// that holds more than memory does lead to one that does not, near it: where <see cref="KeyScheduler"/> would wait for ever, this goes on.
/// </summary>
internal sealed class ReadyScheduler : LaneSimulation
{
    private readonly OperationRole[] _role;
    private readonly int[] _backwardOf;
    private readonly RoomForOldest _room;
    private long[] _keys = [];

    public ReadyScheduler(SearchGraph graph)
        : base(graph)
    {
        _role = [.. graph.ChainKind.Select(kind => kind.Facts().Role)];
        _backwardOf = RoomForOldest.BackwardsOf(graph);
        _room = new RoomForOldest(graph, RoomForOldest.ForwardsOf(graph), _backwardOf);
    }

    /// <summary>Builds an order. See <see cref="LaneSimulation.Orders"/> for it.</summary>
    /// <param name="keys">For each operation its key.</param>
    /// <param name="dates">How lane times make the cost.</param>
    /// <returns>Its cost; null when it got stuck.</returns>
    public long? Run(long[] keys, LaneDates dates)
    {
        _keys = keys;
        _room.Clear();
        return Simulate(dates);
    }

    protected override int Choose(int lane, long time, out long again)
    {
        again = long.MaxValue;
        var best = Nothing;
        foreach (var chain in Graph.LaneChains[lane])
        {
            var operation = Head[chain];
            if (operation == Nothing || Missing[operation] > 0 || !MayRun(lane, chain)) continue;
            if (ReadyAt[operation] > time) again = Math.Min(again, ReadyAt[operation]);
            else if (best == Nothing || _keys[operation] < _keys[best]) best = operation;
        }

        if (best != Nothing) _room.Take(best);
        return best;
    }

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
}
