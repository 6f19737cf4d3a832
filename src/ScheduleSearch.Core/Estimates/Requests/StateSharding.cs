namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>What data-parallel replicas keep a share of, in the place of all of it.</summary>
public enum StateSharding
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The optimizer's state (ZeRO stage 1).</summary>
    Zero1,

    /// <summary>The optimizer's state, as Megatron's distributed optimizer has it: the same as <see cref="Zero1"/>.</summary>
    Distributed,

    /// <summary>The optimizer's state and the gradients (ZeRO stage 2).</summary>
    Zero2,

    /// <summary>The optimizer's state, the gradients and the weights (ZeRO stage 3, FSDP).</summary>
    Zero3,
}
