using System.Collections.Immutable;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families.BuildingBlocks;

/// <summary>
/// When one microbatch's operations start, in slots of one operation each, and after how many slots the next microbatch does the same. The
/// schedule is the block repeated for every microbatch, so what a device holds in its steady state follows from the block alone.
/// </summary>
/// <remarks>
/// Source: Qi et al., Pipeline Parallelism with Controllable Memory, arXiv:2405.15362. The weight gradients of a device go into the slots
/// that its other operations leave free, in the order in which their input gradients come.
/// </remarks>
internal sealed class BuildingBlock
{
    private readonly Placement _placement;

    private BuildingBlock(Placement placement, int period, ReadOnlySpan<int> forward, ReadOnlySpan<int> backwardInput, ReadOnlySpan<int> backwardWeight)
    {
        (_placement, Period) = (placement, period);
        (Forward, BackwardInput, BackwardWeight) = ([.. forward], [.. backwardInput], [.. backwardWeight]);
    }

    /// <summary>Slots from one microbatch to the next.</summary>
    public int Period { get; }

    /// <summary>The slot of the forward of each stage.</summary>
    public ImmutableArray<int> Forward { get; }

    /// <summary>The slot of the input gradient of each stage.</summary>
    public ImmutableArray<int> BackwardInput { get; }

    /// <summary>The slot of the weight gradient of each stage.</summary>
    public ImmutableArray<int> BackwardWeight { get; }

    /// <summary>The device of a stage.</summary>
    public int DeviceOf(int stage) => _placement.DeviceOf(0, stage);

    /// <summary>The number of devices.</summary>
    public int Devices => _placement.Devices;

    /// <summary>The number of stages.</summary>
    public int Stages => _placement.Stages;

    /// <summary>The block of given forwards and input gradients, each behind what it waits for.</summary>
    /// <param name="placement">A placement of one pipe.</param>
    /// <param name="period">Slots from one microbatch to the next.</param>
    /// <param name="forward">The slot of the forward of each stage.</param>
    /// <param name="backwardInput">The slot of the input gradient of each stage.</param>
    /// <returns>The block; null when repeated operations of a device meet in a slot or its weight gradients find too few.</returns>
    public static BuildingBlock? Of(Placement placement, int period, ReadOnlySpan<int> forward, ReadOnlySpan<int> backwardInput)
    {
        var backwardWeight = new int[placement.Stages];
        Span<int> taken = stackalloc int[period];
        for (var device = 0; device < placement.Devices; device++)
        {
            taken.Fill(Free);
            foreach (var (_, stage) in placement.StagesOn(device))
            {
                if (!Take(taken, forward[stage], Forwards) || !Take(taken, backwardInput[stage], stage)) return null;
            }

            if (!FillFree(taken, backwardInput, backwardWeight, placement.StagesOn(device).Length)) return null;
        }

        return new BuildingBlock(placement, period, forward, backwardInput, backwardWeight);
    }

    /// <summary>The block of a V with a slot for each operation but the weight gradients, by device; its period is six slots.</summary>
    /// <param name="placement">The placement "v".</param>
    /// <param name="forward">Forward of the stages 0 to p - 1.</param>
    /// <param name="deepForward">Forward of the stages p to 2p - 1.</param>
    /// <param name="deepBackward">Input gradient of the stages p to 2p - 1.</param>
    /// <param name="backward">Input gradient of the stages 0 to p - 1.</param>
    public static BuildingBlock? OfV(
        Placement placement, Func<int, int> forward, Func<int, int> deepForward, Func<int, int> deepBackward, Func<int, int> backward)
    {
        int[] Slots(Func<int, int> first, Func<int, int> deep) =>
            [.. Enumerable.Range(0, placement.Stages).Select(stage => (stage < placement.Devices ? first : deep)(placement.DeviceOf(0, stage)))];
        return Of(placement, period: 6, Slots(forward, deepForward), Slots(backward, deepBackward));
    }

    /// <summary>The most memory that a device holds in the steady state, and so at any time: warm-up and cool-down hold a part of that.</summary>
    /// <param name="device">The device.</param>
    /// <param name="activation">What the forward of each stage takes.</param>
    /// <param name="retained">The part of it that lives until the weight gradient ends; the rest is freed with the input gradient.</param>
    public long PeakMemory(int device, ReadOnlySpan<long> activation, ReadOnlySpan<long> retained)
    {
        var peak = 0L;
        for (var phase = 0; phase < Period; phase++)
        {
            var held = 0L;
            foreach (var (_, stage) in _placement.StagesOn(device))
            {
                var begun = FloorDivide(phase - Forward[stage]);
                held += (activation[stage] - retained[stage]) * (begun - FloorDivide(phase - BackwardInput[stage] - 1));
                held += retained[stage] * (begun - FloorDivide(phase - BackwardWeight[stage] - 1));
            }

            peak = Math.Max(peak, held);
        }

        return peak;
    }

    /// <summary>The most chunks that a device holds at any time when a weight gradient frees what its forward took.</summary>
    public long PeakChunks(int device)
    {
        Span<long> one = new long[Stages];
        one.Fill(1);
        return PeakMemory(device, one, one);
    }

    /// <summary>Whether every device of a problem holds the block within its limit.</summary>
    public bool Fits(Problem problem)
    {
        for (var device = 0; device < Devices; device++)
        {
            if (PeakMemory(device, problem.Activation.AsSpan(), problem.Retained.AsSpan()) > problem.LimitOf(device)) return false;
        }

        return true;
    }

    private const int Free = -1;
    private const int Forwards = -2;

    private static bool Take(Span<int> taken, int slot, int by)
    {
        if (taken[slot % taken.Length] != Free) return false;
        taken[slot % taken.Length] = by;
        return true;
    }

    /// <summary>Goes through the period until the weight gradients of a device, first in first out, take the same slots in every turn.</summary>
    private static bool FillFree(Span<int> taken, ReadOnlySpan<int> backwardInput, int[] backwardWeight, int stages)
    {
        var period = taken.Length;
        if (taken.Count(Free) < stages) return false;
        var waiting = new Queue<(int Stage, int Since)>(stages);
        for (var slot = 0; slot < (stages + 2) * period; slot++)
        {
            if (taken[slot % period] is >= 0 and var stage) waiting.Enqueue((stage, slot));
            else if (taken[slot % period] == Free && waiting.TryDequeue(out var next)) backwardWeight[next.Stage] = backwardInput[next.Stage] + slot - next.Since;
        }

        return true;
    }

    private int FloorDivide(int slots) => (int)Math.Floor((double)slots / Period);
}
