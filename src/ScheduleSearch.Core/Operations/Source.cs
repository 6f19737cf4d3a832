using System.Collections.Immutable;

namespace ScheduleSearch.Core.Operations;

/// <summary>Where what a port hands over comes from.</summary>
/// <param name="Operation">Index of the operation that makes it.</param>
/// <param name="Lag">Ticks from its end until what it makes is there.</param>
public readonly record struct Source(int Operation, long Lag = 0)
{
    /// <summary>
    /// The memory in which it stands, for the port <see cref="Port.Activation"/>: which operation took how many units. Whoever reads it frees them, the
    /// first part first.
    /// </summary>
    public ImmutableArray<HeldPart> Held { get; init; } = [];

    /// <summary>What must have come beside it.</summary>
    public ImmutableArray<Source> Others { get; init; } = [];
}
