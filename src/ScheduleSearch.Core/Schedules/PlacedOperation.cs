using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Schedules;

/// <summary>An operation at its place in a schedule.</summary>
/// <param name="Device">The device that lists it.</param>
/// <param name="Position">Its position in the device's list, from 0.</param>
/// <param name="Operation">What is done.</param>
public readonly record struct PlacedOperation(int Device, int Position, Operation Operation);
