using System.Collections.Immutable;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families.BuildingBlocks;

/// <summary>
/// The operations of all microbatches in slots of one operation each: a block repeated, and what is made of it. An operation is known by
/// its number: (kind * stages + stage) * microbatches + microbatch, kinds being forward, input gradient and weight gradient.
/// </summary>
internal sealed class SlotTable
{
    public const int Nothing = -1;

    private static readonly OperationKind[] Kinds = [OperationKind.Forward, OperationKind.BackwardInput, OperationKind.BackwardWeight];

    private readonly BuildingBlock _block;
    private readonly int _microbatches;
    private readonly int[] _slots;

    private SlotTable(BuildingBlock block, int microbatches)
    {
        (_block, _microbatches) = (block, microbatches);
        _slots = new int[Kinds.Length * block.Stages * microbatches];
        Devices = [.. Enumerable.Range(0, block.Devices).Select(_ => new List<int>())];
    }

    /// <summary>For each device the operation in each slot, or <see cref="Nothing"/>.</summary>
    public List<int>[] Devices { get; }

    /// <summary>Slots up to the last operation of all.</summary>
    public int Length => Devices.Max(slots => slots.Count);

    /// <summary>The block repeated for so many microbatches, each at its turn; weight gradients take the first slots that are left.</summary>
    public static SlotTable Repeat(BuildingBlock block, int microbatches)
    {
        var table = new SlotTable(block, microbatches);
        table.PutRepeated(OperationKind.Forward, block.Forward);
        table.PutRepeated(OperationKind.BackwardInput, block.BackwardInput);
        for (var device = 0; device < block.Devices; device++) table.FillFree(device, from: 0, pending: []);
        return table;
    }

    /// <summary>The block repeated with its weight gradients, which leaves the slots free that the steady state has for other microbatches.</summary>
    public static SlotTable RepeatWhole(BuildingBlock block, int microbatches)
    {
        var table = new SlotTable(block, microbatches);
        table.PutRepeated(OperationKind.Forward, block.Forward);
        table.PutRepeated(OperationKind.BackwardInput, block.BackwardInput);
        table.PutRepeated(OperationKind.BackwardWeight, block.BackwardWeight);
        return table;
    }

    /// <summary>Gives the weight gradients of a device the free slots from one on, in the order in which their input gradients come.</summary>
    /// <param name="device">The device.</param>
    /// <param name="from">The first slot; there is no weight gradient in it or after it.</param>
    /// <param name="pending">Weight gradients that wait there already.</param>
    public void FillFree(int device, int from, IEnumerable<int> pending)
    {
        var waiting = new Queue<int>(pending);
        for (var slot = from; slot < Devices[device].Count || waiting.Count > 0; slot++)
        {
            var operation = At(device, slot);
            if (operation == Nothing && waiting.TryDequeue(out var weight)) Put(weight, slot);
            else if (operation != Nothing && Parts(operation).Kind == OperationKind.BackwardInput) waiting.Enqueue(operation + _block.Stages * _microbatches);
        }
    }

    /// <summary>Moves every operation to the first slot after what it waits for and after the one before it on its device.</summary>
    public void Squeeze()
    {
        var length = Length;
        Span<int> next = stackalloc int[Devices.Length];
        next.Clear();
        for (var slot = 0; slot < length; slot++)
        {
            for (var device = 0; device < Devices.Length; device++)
            {
                if (At(device, slot) is not (>= 0 and var operation)) continue;
                Remove(operation);
                Put(operation, Math.Max(next[device], Earliest(operation)));
                next[device] = _slots[operation] + 1;
            }
        }

        for (var device = 0; device < Devices.Length; device++) Devices[device].RemoveRange(next[device], Devices[device].Count - next[device]);
    }

    /// <summary>What a device does in a slot, or <see cref="Nothing"/>.</summary>
    public int At(int device, int slot) => slot < Devices[device].Count ? Devices[device][slot] : Nothing;

    /// <summary>The slot of an operation.</summary>
    public int SlotOf(int operation) => _slots[operation];

    /// <summary>The number of an operation.</summary>
    public int NumberOf(OperationKind kind, int stage, int microbatch) =>
        (Array.IndexOf(Kinds, kind) * _block.Stages + stage) * _microbatches + microbatch;

    /// <summary>Kind, stage and microbatch of an operation.</summary>
    public (OperationKind Kind, int Stage, int Microbatch) Parts(int operation)
    {
        var chain = operation / _microbatches;
        return (Kinds[chain / _block.Stages], chain % _block.Stages, operation % _microbatches);
    }

    /// <summary>What hands an operation its activation or gradient, or <see cref="Nothing"/>.</summary>
    public int InputOf(int operation)
    {
        var (kind, stage, _) = Parts(operation);
        return kind switch
        {
            OperationKind.Forward => stage == 0 ? Nothing : operation - _microbatches,
            OperationKind.BackwardInput when stage < _block.Stages - 1 => operation + _microbatches,
            _ => operation - _block.Stages * _microbatches,
        };
    }

    /// <summary>The first slot after all that an operation waits for: its input and the same operation for the microbatch before.</summary>
    public int Earliest(int operation)
    {
        var earliest = operation % _microbatches == 0 ? 0 : _slots[operation - 1] + 1;
        return InputOf(operation) is var input and not Nothing ? Math.Max(earliest, _slots[input] + 1) : earliest;
    }

    /// <summary>
    /// What the order costs when operations take their real times and each starts as early as it can: the makespan, or the largest span
    /// without first starts being delayed.
    /// </summary>
    public long Cost(Problem problem)
    {
        var ends = new long[_slots.Length];
        var (first, free) = (new long[Devices.Length], new long[Devices.Length]);
        Array.Fill(first, long.MaxValue);
        var length = Length;
        for (var slot = 0; slot < length; slot++)
        {
            for (var device = 0; device < Devices.Length; device++)
            {
                if (At(device, slot) is not (>= 0 and var operation)) continue;
                var (kind, stage, _) = Parts(operation);
                var start = free[device];
                if (InputOf(operation) is var input and not Nothing) start = Math.Max(start, ends[input] + problem.LagBetween(0, Parts(input).Stage, stage));
                first[device] = Math.Min(first[device], start);
                ends[operation] = free[device] = start + DurationOf(problem, kind, stage);
            }
        }

        return problem.Objective == Objective.Makespan ? free.Max() : free.Zip(first, (end, start) => end - start).Max();
    }

    /// <summary>Puts an operation into a free slot.</summary>
    public void Put(int operation, int slot)
    {
        var slots = Devices[DeviceOf(operation)];
        while (slots.Count <= slot) slots.Add(Nothing);
        (slots[slot], _slots[operation]) = (operation, slot);
    }

    /// <summary>Takes an operation out of its slot.</summary>
    public void Remove(int operation) => Devices[DeviceOf(operation)][_slots[operation]] = Nothing;

    /// <summary>The device of an operation.</summary>
    public int DeviceOf(int operation) => _block.DeviceOf(operation / _microbatches % _block.Stages);

    /// <summary>For each device its operations in order.</summary>
    public IReadOnlyList<IReadOnlyList<Operation>> Orders() =>
        [.. Devices.Select(slots => slots.Where(operation => operation != Nothing).Select(OperationOf).ToList())];

    private void PutRepeated(OperationKind kind, ImmutableArray<int> first)
    {
        for (var stage = 0; stage < _block.Stages; stage++)
        {
            for (var microbatch = 0; microbatch < _microbatches; microbatch++)
                Put(NumberOf(kind, stage, microbatch), first[stage] + _block.OffsetOf(microbatch));
        }
    }

    private static long DurationOf(Problem problem, OperationKind kind, int stage) => kind switch
    {
        OperationKind.Forward => problem.Forward[stage],
        OperationKind.BackwardInput => problem.BackwardInputWithAddedWork(stage),
        _ => problem.BackwardWeight[stage],
    };

    private Operation OperationOf(int number)
    {
        var (kind, stage, microbatch) = Parts(number);
        return new Operation(kind, 0, stage, microbatch);
    }
}
