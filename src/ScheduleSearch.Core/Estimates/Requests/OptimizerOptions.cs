namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>What is kept of each parameter beside its weight.</summary>
public sealed record OptimizerOptions
{
    /// <summary>The optimizer. Default adam.</summary>
    public OptimizerKind Name { get; init; }

    /// <summary>What data-parallel replicas share. Default none.</summary>
    public StateSharding Sharding { get; init; }

    /// <summary>Bytes of a gradient, 1, 2, 4 or 8. Default 4, as Megatron adds them up.</summary>
    public int GradientBytes { get; init; } = 4;
}
