using System.Collections.Immutable;

namespace ScheduleSearch.Core.Features.Microbatches;

/// <summary>
/// Microbatches of unequal cost, such as those of sequences of different lengths: by how much each one's operations take longer, and hold more, than what
/// the profile states for a stage.
/// </summary>
public sealed record MicrobatchScale
{
    /// <summary>Factors of the forwards, m numbers from 0.001 to 1000 with at most three decimals. Absent: 1.</summary>
    /// <example>[1, 1.25, 0.6, 2]</example>
    public ImmutableArray<decimal>? Forward { get; init; }

    /// <summary>Factors of both gradients. Absent: those of the forwards.</summary>
    /// <example>[1, 1.3, 0.55, 2.2]</example>
    public ImmutableArray<decimal>? Backward { get; init; }

    /// <summary>Factors of all that a microbatch holds. Absent: 1.</summary>
    /// <example>[1, 1.2, 0.7, 1.8]</example>
    public ImmutableArray<decimal>? Activation { get; init; }

    /// <summary>Factors of all times alone.</summary>
    public static implicit operator MicrobatchScale(ImmutableArray<decimal> factors) => new() { Forward = factors };
}
