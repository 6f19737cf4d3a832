using System.Collections.Immutable;

namespace ScheduleSearch.Core.Estimates.Ranks;

/// <summary>What one pipeline rank holds under 1F1B with an even split of the layers, in GiB.</summary>
/// <param name="Rank">The rank.</param>
/// <param name="Layers">Decoder layers of each of its chunks; the embedding stands before the first of all, the head after the last.</param>
/// <param name="InFlight">Microbatches that each chunk holds at the end of the warm-up.</param>
/// <param name="Parameters">Parameters on a device of the rank.</param>
/// <param name="Weights">Their weights.</param>
/// <param name="Gradients">Their gradients.</param>
/// <param name="Optimizer">The optimizer's state.</param>
/// <param name="Activation">Activations of the microbatches in flight, and what recomputing one layer needs.</param>
/// <param name="Total">All of it.</param>
/// <param name="Fits">Whether that is at most the device's memory.</param>
public sealed record RankMemory(
    int Rank,
    ImmutableArray<int> Layers,
    ImmutableArray<int> InFlight,
    decimal Parameters,
    decimal Weights,
    decimal Gradients,
    decimal Optimizer,
    decimal Activation,
    decimal Total,
    bool Fits);
