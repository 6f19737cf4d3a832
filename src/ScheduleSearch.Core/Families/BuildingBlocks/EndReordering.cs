using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Families.BuildingBlocks;

/// <summary>
/// Tightens what comes before and after the steady state of a squeezed block: an operation moves into the first free slot that is after
/// what it waits for and in which its device can hold it. In the cool-down input gradients come first and weight gradients fill what is left.
/// </summary>
/// <remarks>
/// What the steady state repeats is left as it is, so the cost beyond one pass over the table depends on the devices alone. The warm-up ends
/// when the first microbatch has come back to the first stage; the cool-down begins when the last one has entered it.
/// </remarks>
internal sealed class EndReordering
{
    private readonly SlotTable _table;
    private readonly long[] _activation;
    private readonly long[] _retained;
    private readonly long[] _limit;
    private readonly int _microbatches;

    /// <summary>Reorders a table.</summary>
    /// <param name="table">A squeezed table.</param>
    /// <param name="microbatches">Its microbatches.</param>
    /// <param name="activation">What the forward of each stage takes.</param>
    /// <param name="retained">The part of it that lives until the weight gradient ends.</param>
    /// <param name="limit">The most that each device may hold; the table itself keeps within it.</param>
    public EndReordering(SlotTable table, int microbatches, long[] activation, long[] retained, long[] limit) =>
        (_table, _microbatches, _activation, _retained, _limit) = (table, microbatches, activation, retained, limit);

    public void Run()
    {
        TightenWarmUp();
        _table.Squeeze();
        TightenCoolDown();
        _table.Squeeze();
    }

    private void TightenWarmUp()
    {
        var end = _table.SlotOf(_table.NumberOf(OperationKind.BackwardInput, stage: 0, microbatch: 0));
        var held = Held();
        for (var slot = 0; slot <= end; slot++)
        {
            for (var device = 0; device < held.Length; device++) MoveForward(device, slot, held[device]);
        }
    }

    private void TightenCoolDown()
    {
        var begin = _table.SlotOf(_table.NumberOf(OperationKind.Forward, stage: 0, _microbatches - 1));
        var (held, length) = (Held(), _table.Length);
        var tails = Enumerable.Range(0, held.Length).Select(device => TailOf(device, begin)).ToArray();
        var weights = tails.Select((from, device) => TakeWeights(device, from)).ToArray();
        for (var slot = begin; slot < length; slot++)
        {
            for (var device = 0; device < held.Length; device++) MoveForward(device, slot, held[device]);
        }

        for (var device = 0; device < held.Length; device++) Refill(device, weights[device], tails[device]);
    }

    /// <summary>
    /// The first slot of the cool-down that is after the last forward of a device: from there on weight gradients may wait, since nothing
    /// takes memory.
    /// </summary>
    private int TailOf(int device, int begin)
    {
        var last = _table.Devices[device].FindLastIndex(operation => operation != SlotTable.Nothing && _table.Parts(operation).Kind == OperationKind.Forward);
        return Math.Max(begin, last + 1);
    }

    private List<int> TakeWeights(int device, int from)
    {
        var slots = _table.Devices[device];
        List<int> weights = [.. slots.Skip(from)
            .Where(operation => operation != SlotTable.Nothing && _table.Parts(operation).Kind == OperationKind.BackwardWeight)];
        weights.ForEach(_table.Remove);
        return weights;
    }

    /// <summary>Puts weight gradients back, each into the first slot that is left after its input gradient.</summary>
    private void Refill(int device, List<int> weights, int from)
    {
        var pending = weights.Select(weight => (InputSlot: _table.SlotOf(_table.InputOf(weight)), Weight: weight)).Where(entry => entry.InputSlot < from);
        _table.FillFree(device, from, pending.Order().Select(entry => entry.Weight));
    }

    /// <summary>Moves what a device does in a slot into the first free slot that can take it, if there is an earlier one.</summary>
    private void MoveForward(int device, int slot, long[] held)
    {
        var operation = _table.At(device, slot);
        if (operation == SlotTable.Nothing) return;
        var (kind, stage, _) = _table.Parts(operation);
        var taken = kind == OperationKind.Forward ? _activation[stage] : 0;
        var (earliest, best) = (_table.Earliest(operation), slot);
        for (var other = slot - 1; other >= earliest && held[other] <= _limit[device] - taken; other--)
        {
            if (_table.At(device, other) == SlotTable.Nothing) best = other;
        }

        if (best == slot) return;
        _table.Remove(operation);
        _table.Put(operation, best);
        for (var other = best; other < slot; other++) held[other] += taken;
        for (var other = best + 1; other <= slot; other++) held[other] -= Freed(kind, stage);
    }

    private long Freed(OperationKind kind, int stage) => kind switch
    {
        OperationKind.BackwardInput => _activation[stage] - _retained[stage],
        OperationKind.BackwardWeight => _retained[stage],
        _ => 0,
    };

    /// <summary>What each device holds during each slot.</summary>
    private long[][] Held() => [.. _table.Devices.Select(slots =>
    {
        var (now, held) = (0L, new long[slots.Count]);
        for (var slot = 0; slot < held.Length; slot++)
        {
            if (slots[slot] == SlotTable.Nothing)
            {
                held[slot] = now;
                continue;
            }

            var (kind, stage, _) = _table.Parts(slots[slot]);
            if (kind == OperationKind.Forward) now += _activation[stage];
            held[slot] = now;
            now -= Freed(kind, stage);
        }

        return held;
    })];
}
