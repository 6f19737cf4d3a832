namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>An operation of a critical path.</summary>
/// <param name="Device">The device that carries it out, or that a message leaves.</param>
/// <param name="Lag">The time between the end of the operation before it and its start, in which something is on its way; 0 for the first.</param>
/// <param name="Operation">The operation, as answers list it.</param>
internal readonly record struct CriticalOperation(int Device, decimal Lag, OperationAnswer Operation)
{
    /// <summary>The time that it takes.</summary>
    internal decimal Time => Operation.End - Operation.Start;

    /// <summary>What it is called in sentences.</summary>
    internal string Name
    {
        get
        {
            var first = Operation.Forward;
            if (Operation.Item is { } item) return $"{Operation.Op} {item} piece {Operation.Microbatch}";
            return $"{Operation.Op} stage {first?.Stage ?? Operation.Stage} microbatch {first?.Microbatch ?? Operation.Microbatch}";
        }
    }
}
