namespace ScheduleSearch.Core.Profiles;

/// <summary>Activation memory: the budget of a device, and what one microbatch leaves on one stage.</summary>
public sealed record ActivationMemory
{
    /// <summary>The unit of all amounts. Default MiB.</summary>
    /// <example>MiB</example>
    public MemoryUnit Unit { get; init; } = MemoryUnit.MiB;

    /// <summary>Activation budget of a device: one number or p numbers. Absent: unlimited.</summary>
    /// <example>16384</example>
    public StageValues? Limit { get; init; }

    /// <summary>Taken when a forward starts: one number or S numbers. Required with a limit, else 0 by default.</summary>
    /// <example>2048</example>
    public StageValues? Activation { get; init; }

    /// <summary>
    /// What lives until backwardWeight ends: one number or S numbers. Up to the activation it is a part of that, and the rest is freed when
    /// backwardInput ends; what it is beyond the activation is taken when backwardInput starts. A fused backward holds that while it runs. Default:
    /// the activation.
    /// </summary>
    /// <example>750</example>
    public StageValues? Retained { get; init; }

    /// <summary>
    /// Weights, gradients and optimizer state of a stage: one number or S numbers. A device of a two-pipe placement holds them for both
    /// pipes.
    /// </summary>
    /// <example>3072</example>
    public StageValues? Weights { get; init; }

    /// <summary>What a device may hold in all, in the place of <c>limit</c>: weights first, activations in the rest. One number or p numbers.</summary>
    /// <example>40960</example>
    public StageValues? Total { get; init; }
}
