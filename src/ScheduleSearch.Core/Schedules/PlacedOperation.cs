using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Schedules;

/// <summary>An operation at its place in a schedule.</summary>
/// <param name="Device">The device that lists it.</param>
/// <param name="Position">Its position in the device's list, from 0.</param>
/// <param name="Timed">What is done, with its times.</param>
public readonly record struct PlacedOperation(int Device, int Position, TimedOperation Timed)
{
    /// <summary>What is done.</summary>
    public Operation Operation => Timed.Operation;
}
