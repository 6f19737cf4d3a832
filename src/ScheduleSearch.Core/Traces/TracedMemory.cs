using System.Collections.Immutable;

namespace ScheduleSearch.Core.Traces;

/// <summary>What a runtime measured of activations, in MiB.</summary>
/// <param name="Activation">What a forward takes, by rank and chunk.</param>
/// <param name="Retained">The part of it that lives until the weight gradient ends, by rank and chunk.</param>
/// <param name="Limit">What activations may take, by rank; empty where nothing says so.</param>
public sealed record TracedMemory(
    ImmutableDictionary<(int Rank, int Chunk), double> Activation,
    ImmutableDictionary<(int Rank, int Chunk), double> Retained,
    ImmutableDictionary<int, double> Limit);
