namespace ScheduleSearch.Core.Instructions;

/// <summary>What an instruction makes its rank do.</summary>
public enum InstructionKind
{
    /// <summary>Carry out an operation.</summary>
    Compute,

    /// <summary>Hand the result of one of its own operations to another rank.</summary>
    Send,

    /// <summary>Take the result of another rank's operation from it.</summary>
    Receive,

    /// <summary>Sum the gradients of a stage over the two pipes, together with the rank that holds the stage in the other pipe.</summary>
    AllReduce,
}
