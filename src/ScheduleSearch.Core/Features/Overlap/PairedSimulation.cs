using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Overlap;

/// <summary>
/// Carries out the orders of devices in time, and a forward and a whole backward that stand side by side together where both are ready. So no pair waits
/// for itself, and an order that could be carried out still can. What messages wait for beside their latency is left out.
/// </summary>
internal sealed class PairedSimulation
{
    private readonly OperationGraph _graph;
    private readonly Problem _problem;
    private readonly int[][] _orders;
    private readonly int[] _waiting;
    private readonly long[] _ready;
    private readonly int[] _places;
    private readonly long[] _free;
    private readonly long[] _begins;
    private readonly long[] _held;
    private readonly List<Operation>[] _done;
    private readonly PriorityQueue<int, (long Time, int Device)> _wakes = new();

    /// <param name="schedule">A schedule that can be carried out; pairs that it has stay.</param>
    public PairedSimulation(Schedule schedule)
    {
        (_problem, _graph) = (schedule.Problem, DeviceSelection.KeepCompute(schedule.Graph));
        _orders = [.. Enumerable.Range(0, _problem.Devices).Select(device => schedule.OperationsOn(device).Select(_graph.IndexOf).ToArray())];
        (_waiting, _ready) = (new int[_graph.Count], new long[_graph.Count]);
        (_places, _free, _begins, _held) = (new int[_orders.Length], new long[_orders.Length], new long[_orders.Length], new long[_orders.Length]);
        _done = [.. _orders.Select(order => new List<Operation>(order.Length))];
    }

    /// <summary>Carries out the orders.</summary>
    /// <param name="waits">Whether the first of two waits for the second, less long than the pair saves, when it is known when that comes.</param>
    /// <param name="eitherOrder">Whether a backward goes with the forward after it too.</param>
    /// <returns>What came of it; null where nothing was carried out together.</returns>
    public PairedRun? Run(bool waits, bool eitherOrder)
    {
        for (var operation = 0; operation < _waiting.Length; operation++)
            (_waiting[operation], _ready[operation]) = (_graph.DependenciesOf(operation).Length, _graph.Heads[operation]);
        foreach (var each in new[] { _free, _held }) Array.Clear(each);
        Array.Clear(_places);
        Array.Fill(_begins, -1);
        var paired = false;
        for (var device = 0; device < _orders.Length; device++)
        {
            _done[device].Clear();
            _wakes.Enqueue(device, (0, device));
        }

        while (_wakes.TryDequeue(out var device, out var wake))
        {
            if (wake.Time < _free[device] || NextAt(device, 0) is not { } first || _waiting[first] > 0) continue;
            if (_ready[first] > wake.Time)
            {
                _wakes.Enqueue(device, (_ready[first], device));
                continue;
            }

            if (PairAt(device, eitherOrder) is { } pair && Math.Max(_ready[pair.Forward], _ready[pair.Backward]) is var both
                && both - wake.Time < (waits ? Math.Max(1, pair.Gain) : 1))
            {
                if (both > wake.Time) _wakes.Enqueue(device, (both, device));
                else Together(device, pair, wake.Time);
                paired = true;
            }
            else
            {
                _done[device].Add(_graph.Operations[first]);
                Carry(device, [first], wake.Time, _graph.Durations[first]);
            }
        }

        return paired ? new PairedRun([.. _done.Select(order => order.ToArray())], Objective()) : null;
    }

    /// <summary>The forward and the whole backward with which a device goes on, where the two may be carried out together once both are ready.</summary>
    private Pair? PairAt(int device, bool eitherOrder)
    {
        if (NextAt(device, 0) is not { } first || NextAt(device, 1) is not { } second) return null;
        if (_graph.Operations[first].Kind == OperationKind.Forward) return Allowed(device, first, second, BackwardAt(device, 1));
        var length = eitherOrder ? BackwardAt(device, 0) : 0;
        return length > 0 && NextAt(device, length) is { } after && _graph.Operations[after].Kind == OperationKind.Forward
            ? Allowed(device, after, first, length)
            : null;
    }

    private Pair? Allowed(int device, int forward, int backward, int length)
    {
        if (length == 0 || _waiting[forward] > 0 || _waiting[backward] > 0) return null;
        var gain = _problem.PairGain(_graph.Operations[forward].Stage, _graph.Operations[backward].Stage);
        int[] all = [.. Enumerable.Range(0, length + 1).Select(ahead => NextAt(device, ahead)!.Value)];
        return gain > 0 && _held[device] + all.Sum(operation => _graph.Acquired[operation]) <= _problem.LimitOf(device)
            ? new Pair(forward, backward, all, gain)
            : null;
    }

    /// <summary>How many of the next operations are one whole backward: 1, or 2 where its halves stand side by side, or 0 for none.</summary>
    private int BackwardAt(int device, int ahead)
    {
        if (NextAt(device, ahead) is not { } next) return 0;
        var operation = _graph.Operations[next];
        if (operation.Kind == OperationKind.Backward) return 1;
        return operation.Kind == OperationKind.BackwardInput && NextAt(device, ahead + 1) is { } after && _waiting[after] == 1
            && _graph.Operations[after] == operation with { Kind = OperationKind.BackwardWeight } ? 2 : 0;
    }

    private int? NextAt(int device, int ahead) => _places[device] + ahead is var place && place < _orders[device].Length ? _orders[device][place] : null;

    private void Together(int device, in Pair pair, long time)
    {
        var (forward, backward) = (_graph.Operations[pair.Forward], _graph.Operations[pair.Backward] with { Kind = OperationKind.Backward });
        _done[device].Add(forward.InPair(PlaceInPair.First));
        _done[device].Add(backward.InPair(PlaceInPair.Second));
        Carry(device, pair.All, time, _problem.PairTime(forward, backward));
    }

    private void Carry(int device, ReadOnlySpan<int> operations, long time, long duration)
    {
        if (_begins[device] < 0) _begins[device] = time;
        _free[device] = time + duration;
        _places[device] += operations.Length;
        foreach (var operation in operations)
        {
            _held[device] += _graph.Acquired[operation] - _graph.Released[operation];
            foreach (var (dependent, lag) in _graph.DependentsOf(operation))
            {
                var other = _graph.LaneOf[dependent];
                _ready[dependent] = Math.Max(_ready[dependent], _free[device] + lag);
                if (--_waiting[dependent] == 0) _wakes.Enqueue(other, (Math.Max(_ready[dependent], _free[other]), other));
            }
        }

        _wakes.Enqueue(device, (_free[device], device));
    }

    private long Objective() =>
        _problem.Objective == Profiles.Objective.Makespan ? _free.Max() : _free.Zip(_begins, (end, begin) => end - Math.Max(0, begin)).Max();

    private readonly record struct Pair(int Forward, int Backward, int[] All, long Gain);
}
