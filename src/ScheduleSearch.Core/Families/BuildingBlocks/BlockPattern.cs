using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Families.BuildingBlocks;

/// <summary>
/// A building block in few numbers: a microbatch runs down the devices and up again, once for each chunk with its forwards and once with
/// its backwards; going up each step takes one slot, going down a given number of them, and where it turns it waits for its slot.
/// </summary>
/// <param name="Period">Slots from one microbatch to the next.</param>
/// <param name="Slots">The slots, modulo the period, in which each of these runs is on device 0; the first is 0.</param>
/// <param name="Down">Slots from a device to the next one for the first <paramref name="Length"/> devices.</param>
/// <param name="DownBehind">Slots from a device to the next one for the others, at most <paramref name="Down"/>.</param>
/// <param name="Length">How many devices hand down in <paramref name="Down"/> slots.</param>
internal readonly record struct BlockPattern(int Period, int[] Slots, int Down, int DownBehind, int Length)
{
    /// <summary>The block; null when operations meet in a slot.</summary>
    public BuildingBlock? OnDevices(Placement placement)
    {
        var (devices, stages) = (placement.Devices, placement.Stages);
        Span<int> starts = stackalloc int[2 * stages];
        for (var step = 1; step < starts.Length; step++)
        {
            // Steps 0 to stages - 1 are the forwards, the others the input gradients from the last stage to the first.
            var (device, position) = (DeviceAt(placement, step), step % devices);
            var down = device > DeviceAt(placement, step - 1);
            if (position == 0) starts[step] = Turn(starts[step - 1] + 1, step / devices, device);
            else starts[step] = starts[step - 1] + (down ? StepBelow(device - 1) : 1);
        }

        var forward = starts[..stages];
        var backward = starts[stages..];
        backward.Reverse();
        return BuildingBlock.Of(placement, Period, forward, backward);
    }

    private static int DeviceAt(Placement placement, int step) =>
        placement.DeviceOf(0, step < placement.Stages ? step : 2 * placement.Stages - 1 - step);

    private int StepBelow(int device) => device < Length ? Down : DownBehind;

    /// <summary>The first slot from a given one on that the run may begin in; it passes device 0 in its slot, from or to the device given.</summary>
    private int Turn(int earliest, int run, int device)
    {
        var behind = (Slots[run] - device - earliest) % Period;
        return earliest + (behind < 0 ? behind + Period : behind);
    }
}
