namespace ScheduleSearch.Core.Operations;

/// <summary>The part that an operation plays for its stage and microbatch, whatever form it takes.</summary>
public enum OperationRole
{
    /// <summary>A forward, alone or in a pair.</summary>
    Forward,

    /// <summary>Makes again what the backward reads; frees nothing by itself.</summary>
    Restore,

    /// <summary>An input gradient.</summary>
    InputGradient,

    /// <summary>A weight gradient.</summary>
    WeightGradient,

    /// <summary>A whole backward, alone or in a pair.</summary>
    WholeBackward,

    /// <summary>Carries a result from one device to another.</summary>
    Message,

    /// <summary>A device's pass over its shard of a layer that stands on all devices.</summary>
    Shard,

    /// <summary>A part of the optimizer's update, once for each iteration.</summary>
    Update,

    /// <summary>Work beside the iteration's own.</summary>
    Fill,
}
