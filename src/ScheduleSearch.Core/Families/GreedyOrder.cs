using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// The orders that an automatic family writes, and what it sees while it writes them: each operation starts as soon as its device is free
/// and its input has arrived. A microbatch travels in legs over all devices, back and forth: one leg for the forwards of each chunk, then
/// one for the input gradients of each chunk, from the last to the first. Weight gradients wait on their device, first in, first out. A forward is planned
/// with all that its microbatch will hold on the stage, so that backwards take nothing.
/// </summary>
internal sealed class GreedyOrder
{
    private readonly Problem _problem;
    private readonly int[] _stages;
    private readonly int _firstBackward;
    private readonly List<Operation>[] _orders;
    private readonly Queue<(int Stage, int Microbatch)>[] _pending;
    private readonly int[] _counts;
    private readonly long[] _ends;
    private readonly long[] _starts;
    private readonly long[] _now;
    private readonly long[] _room;
    private readonly long[] _pendingUnits;
    private readonly long[] _idle;

    /// <param name="problem">A problem on the placement linear or v, with split backwards.</param>
    public GreedyOrder(Problem problem)
    {
        _problem = problem;
        var (devices, microbatches) = (problem.Devices, problem.Microbatches);
        _firstBackward = problem.Stages;
        _stages = [.. Enumerable.Range(0, 2 * problem.Stages).Select(StageOf)];
        _orders = [.. Enumerable.Range(0, devices).Select(_ => new List<Operation>(3 * problem.Stages / devices * microbatches))];
        _pending = [.. Enumerable.Range(0, devices).Select(_ => new Queue<(int, int)>())];
        _counts = new int[_stages.Length];
        _ends = new long[_stages.Length * microbatches];
        (_starts, _now, _idle, _pendingUnits) = (new long[devices], new long[devices], new long[devices], new long[devices]);
        _room = [.. Enumerable.Range(0, devices).Select(problem.LimitOf)];
    }

    /// <summary>For each device its operations in order.</summary>
    public IReadOnlyList<IReadOnlyList<Operation>> Operations => _orders;

    /// <summary>The makespan, or the largest span of a device, of what is written so far.</summary>
    public long Objective => _problem.Objective == Profiles.Objective.Makespan ? _now.Max() : _now.Zip(_starts, (end, start) => end - start).Max();

    /// <summary>The largest idle time of a device so far.</summary>
    public long MostIdle { get; private set; }

    /// <summary>How much longer a device can wait before it is the one that has waited longest.</summary>
    public long Slack(int device) => MostIdle - _idle[device];

    /// <summary>How long a device has waited since its first operation.</summary>
    public long Idle(int device) => _idle[device];

    /// <summary>When a device is free.</summary>
    public long Now(int device) => _now[device];

    /// <summary>Memory units that a device has left.</summary>
    public long Room(int device) => _room[device];

    /// <summary>How many microbatches have passed a device on a leg.</summary>
    public int Count(int leg, int device) => _counts[Slot(leg, device)];

    /// <summary>Ticks that the operation of a leg takes on a device.</summary>
    public long Duration(int leg, int device)
    {
        var slot = Slot(leg, device);
        return slot < _firstBackward ? _problem.Forward[_stages[slot]] : _problem.BackwardInputWithAddedWork(_stages[slot]);
    }

    /// <summary>Memory units that the operation of a leg takes on a device when it starts.</summary>
    public long Acquired(int leg, int device)
    {
        var slot = Slot(leg, device);
        return slot < _firstBackward ? _problem.MostHeld[_stages[slot]] : 0;
    }

    /// <summary>Whether a microbatch is there, or on its way, for the next operation of a leg.</summary>
    public bool HasInput(int leg, int device)
    {
        var count = Count(leg, device);
        if (count == _problem.Microbatches) return false;
        var from = Source(leg, device);
        return from < 0 || _counts[from] > count;
    }

    /// <summary>When the input of a leg's next operation arrives; only where there <see cref="HasInput"/>.</summary>
    public long Arrival(int leg, int device)
    {
        var from = Source(leg, device);
        return from < 0 ? 0 : _ends[from * _problem.Microbatches + Count(leg, device)] + _problem.LagBetween(0, _stages[from], _stages[Slot(leg, device)]);
    }

    /// <summary>Whether an operation fits, and some memory beside it, once all pending weight gradients are done.</summary>
    public bool CanFit(int leg, int device, long beside = 0) => Acquired(leg, device) + beside <= _room[device] + _pendingUnits[device];

    /// <summary>
    /// When an operation would end if its input were there, after as many pending weight gradients as must make room for it; never when
    /// they cannot.
    /// </summary>
    public long EndWithinMemory(int leg, int device)
    {
        if (!CanFit(leg, device)) return long.MaxValue;
        var (end, lacking) = (_now[device] + Duration(leg, device), Acquired(leg, device) - _room[device]);
        foreach (var (stage, _) in _pending[device])
        {
            if (lacking <= 0) break;
            end += _problem.BackwardWeight[stage];
            lacking -= _problem.HeldForWeight[stage];
        }

        return end;
    }

    /// <summary>Whether a device has a weight gradient to do.</summary>
    public bool HasWeight(int device) => _pending[device].Count > 0;

    /// <summary>
    /// Appends the pending weight gradients that must make room for a leg's next operation and those that end before its input arrives.
    /// </summary>
    /// <returns>Ticks that the device would still wait.</returns>
    public long Fill(int leg, int device)
    {
        while (Acquired(leg, device) > _room[device]) AppendWeight(device);
        var arrival = Arrival(leg, device);
        while (HasWeight(device) && _now[device] + _problem.BackwardWeight[_pending[device].Peek().Stage] <= arrival) AppendWeight(device);
        return Math.Max(0, arrival - _now[device]);
    }

    /// <summary>Appends the next operation of a leg, which fits.</summary>
    public void Append(int leg, int device)
    {
        var (slot, count) = (Slot(leg, device), Count(leg, device));
        var stage = _stages[slot];
        var start = Math.Max(_now[device], Arrival(leg, device));
        if (_orders[device].Count > 0) _idle[device] += start - _now[device];
        else _starts[device] = start;
        MostIdle = Math.Max(MostIdle, _idle[device]);
        _now[device] = _ends[slot * _problem.Microbatches + count] = start + Duration(leg, device);
        _counts[slot]++;
        if (slot < _firstBackward)
        {
            _room[device] -= _problem.MostHeld[stage];
            _orders[device].Add(Operation.Forward(stage, count));
            return;
        }

        _room[device] += _problem.MostHeld[stage] - _problem.HeldForWeight[stage];
        _orders[device].Add(Operation.BackwardInput(stage, count));
        _pending[device].Enqueue((stage, count));
        _pendingUnits[device] += _problem.HeldForWeight[stage];
    }

    /// <summary>Appends the oldest pending weight gradient.</summary>
    public void AppendWeight(int device)
    {
        var (stage, microbatch) = _pending[device].Dequeue();
        _now[device] += _problem.BackwardWeight[stage];
        _room[device] += _problem.HeldForWeight[stage];
        _pendingUnits[device] -= _problem.HeldForWeight[stage];
        _orders[device].Add(Operation.BackwardWeight(stage, microbatch));
    }

    /// <summary>Appends all pending weight gradients.</summary>
    public void AppendWeights(int device)
    {
        while (HasWeight(device)) AppendWeight(device);
    }

    private int Slot(int leg, int device) => leg * _problem.Devices + device;

    /// <summary>The slot that a leg's operation takes its input from: even legs run down the devices, odd legs up; -1 for a microbatch's first.</summary>
    private int Source(int leg, int device)
    {
        if (leg % 2 == 0) return device > 0 ? Slot(leg, device - 1) : Slot(leg - 1, device);
        return device < _problem.Devices - 1 ? Slot(leg, device + 1) : Slot(leg - 1, device);
    }

    /// <summary>Stages are numbered in the order in which a microbatch's forward meets them.</summary>
    private int StageOf(int slot)
    {
        var (leg, device) = (slot / _problem.Devices, slot % _problem.Devices);
        if (slot >= _firstBackward) leg = 2 * _firstBackward / _problem.Devices - 1 - leg;
        return leg * _problem.Devices + (leg % 2 == 0 ? device : _problem.Devices - 1 - device);
    }
}
