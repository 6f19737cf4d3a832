namespace ScheduleSearch.Core.Features.Microbatches;

/// <summary>One of several microbatches of unequal cost.</summary>
public sealed record MicrobatchCost
{
    /// <summary>By how much its forwards and both gradients take longer than what the profile states, from 0.001 to 1000 with at most three decimals.
    /// Default 1.</summary>
    /// <example>1.25</example>
    public decimal? Scale { get; init; }

    /// <summary>By how much it holds more than what the profile states, from 0.001 to 1000 with at most three decimals. Default 1.</summary>
    /// <example>1.2</example>
    public decimal? ActivationScale { get; init; }
}
