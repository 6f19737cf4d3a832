using System.Collections.Immutable;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families.BuildingBlocks;

/// <summary>
/// When one microbatch's operations start, in slots of one operation each, and after how many slots the next microbatch does the same. The
/// schedule is the block repeated for every microbatch, so what a device holds in its steady state follows from the block alone. A block that
/// holds too much may pause: after every few microbatches it lets one turn pass.
/// </summary>
/// <remarks>
/// Source: Qi et al., Pipeline Parallelism with Controllable Memory, arXiv:2405.15362; the pauses are this project's own. The weight
/// gradients of a device go into the slots that its other operations leave free, in the order in which their input gradients come.
/// </remarks>
public sealed class BuildingBlock
{
    private const int Free = -1;
    private const int Forwards = -2;
    private const int NoPause = int.MaxValue;

    /// <summary>Numbers of pauses are tried in steps of this part of them.</summary>
    private const int Steps = 16;

    private readonly Placement _placement;

    private BuildingBlock(
        Placement placement, int period, int group, ImmutableArray<int> forward, ImmutableArray<int> backwardInput, ImmutableArray<int> backwardWeight)
    {
        (_placement, Period, Group) = (placement, period, group);
        (Forward, BackwardInput, BackwardWeight) = (forward, backwardInput, backwardWeight);
    }

    /// <summary>Slots from one microbatch to the next.</summary>
    public int Period { get; }

    /// <summary>Microbatches after which one turn of a period is left out; <see cref="int.MaxValue"/> when none is.</summary>
    public int Group { get; }

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

    /// <summary>The block of given forwards and input gradients, each after what it waits for.</summary>
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

        return new BuildingBlock(placement, period, NoPause, [.. forward], [.. backwardInput], [.. backwardWeight]);
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

    /// <summary>Slots from the first microbatch to a later one.</summary>
    public int OffsetOf(int microbatch) => Period * (microbatch + microbatch / Group);

    /// <summary>The same block that pauses after every few microbatches.</summary>
    /// <param name="group">Microbatches after which one turn is left out, at least 1.</param>
    public BuildingBlock WithPauses(int group) => new(_placement, Period, group, Forward, BackwardInput, BackwardWeight);

    /// <summary>The same block whose backwards, weight gradients too, come so many periods later.</summary>
    public BuildingBlock WithBackwardsLater(int periods)
    {
        var later = periods * Period;
        return new(_placement, Period, Group, Forward, [.. BackwardInput.Select(slot => slot + later)], [.. BackwardWeight.Select(slot => slot + later)]);
    }

    /// <summary>The block with about the fewest pauses that fits every device of a problem; null when pausing after every microbatch is not enough.</summary>
    public BuildingBlock? Within(Problem problem)
    {
        if (problem.Limit.IsEmpty) return this;
        var excess = Enumerable.Range(0, Devices).Max(device => PeakOn(device, problem) / (double)Math.Max(1, problem.LimitOf(device)));
        if (excess <= 1) return this;
        // Pauses thin out what is held to group / (group + 1) of it, give or take what one slot holds more than the mean.
        var group = (int)Math.Min(problem.Microbatches, 2 / (excess - 1)) + 1;
        while (group > 1 && !WithPauses(group).Fits(problem)) group -= (group + Steps - 1) / Steps;
        return WithPauses(group) is var paused && paused.Fits(problem) ? paused : null;
    }

    /// <summary>
    /// The most memory that a device holds in the steady state, and so at any time: warm-up and cool-down hold a part of that. With pauses it may
    /// be less, since weight gradients fill them.
    /// </summary>
    /// <param name="device">The device.</param>
    /// <param name="activation">What the forward of each stage takes.</param>
    /// <param name="retained">The part of it that lives until the weight gradient ends; the rest is freed with the input gradient.</param>
    public long PeakMemory(int device, ReadOnlySpan<long> activation, ReadOnlySpan<long> retained)
    {
        var peak = 0L;
        var turns = Group == NoPause ? 1 : Group + 1;
        foreach (var (_, taking) in _placement.StagesOn(device))
        {
            for (var turn = 0; turn < turns; turn++)
            {
                var slot = Forward[taking] + turn * Period;
                var held = 0L;
                foreach (var (_, stage) in _placement.StagesOn(device))
                {
                    var begun = Begun(slot - Forward[stage]);
                    held += (activation[stage] - retained[stage]) * (begun - Begun(slot - BackwardInput[stage] - 1));
                    held += retained[stage] * (begun - Begun(slot - BackwardWeight[stage] - 1));
                }

                peak = Math.Max(peak, held);
            }
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

    private bool Fits(Problem problem)
    {
        for (var device = 0; device < Devices; device++)
        {
            if (PeakOn(device, problem) > problem.LimitOf(device)) return false;
        }

        return true;
    }

    /// <summary>As if forwards took all that their microbatches will hold.</summary>
    private long PeakOn(int device, Problem problem) => PeakMemory(device, problem.MostHeld.AsSpan(), problem.HeldForWeight.AsSpan());

    /// <summary>In an endless repetition, microbatches from number 0 on whose first slot is at most so many slots away, less those before 0.</summary>
    private int Begun(int slots)
    {
        var turn = FloorDivide(slots, Period);
        if (Group == NoPause) return turn;
        var rounds = FloorDivide(turn, Group + 1);
        return rounds * Group + Math.Min(turn - rounds * (Group + 1), Group - 1);
    }

    private static int FloorDivide(int value, int by) => value >= 0 ? value / by : -((by - 1 - value) / by);

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
            else if (taken[slot % period] == Free && waiting.TryDequeue(out var next))
                backwardWeight[next.Stage] = backwardInput[next.Stage] + slot - next.Since;
        }

        return true;
    }
}
