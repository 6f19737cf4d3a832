using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Schedules;

/// <summary>An order in which operations wait for each other in a circle.</summary>
public sealed class DeadlockException : Exception
{
    /// <summary>Names one operation that can never start.</summary>
    public DeadlockException(Operation operation)
        : base($"The order deadlocks: the {operation} waits for an operation that waits for it.") => Operation = operation;

    /// <summary>The first operation, on the lowest device, that can never start.</summary>
    public Operation Operation { get; }
}
