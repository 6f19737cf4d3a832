using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Slices;

/// <summary>
/// Cuts every microbatch along its sequence in n slices, forwards from the first to the last, backwards from the last to the first. Source:
/// Sun et al., Seq1F1B, arXiv:2406.03488.
/// </summary>
public sealed record SequenceSlices
{
    /// <summary>n: slices of a microbatch, at least 1.</summary>
    /// <example>4</example>
    public required int Count { get; init; }

    /// <summary>
    /// The share of each slice in the time of a forward: n numbers above 0, of which only the ratios count. Default: equal shares, or what
    /// the sequence says.
    /// </summary>
    /// <example>[0.22, 0.24, 0.26, 0.28]</example>
    public ImmutableArray<decimal>? Forward { get; init; }

    /// <summary>The share of each slice in the times of both gradients: n numbers above 0. Default: as <c>forward</c>.</summary>
    /// <example>[0.22, 0.24, 0.26, 0.28]</example>
    public ImmutableArray<decimal>? Backward { get; init; }

    /// <summary>The share of each slice in the activation: n numbers above 0. Default: equal shares, or the lengths that the sequence is cut in.</summary>
    /// <example>[0.25, 0.25, 0.25, 0.25]</example>
    public ImmutableArray<decimal>? Activation { get; init; }

    /// <summary>
    /// Memory of a slice's keys and values on one stage, beside its activation: they stay until the backward of the first slice. One number
    /// or S numbers. Default 0.
    /// </summary>
    /// <example>64</example>
    public StageValues? KeyValue { get; init; }

    /// <summary>Tokens of a microbatch's sequence: with <c>hidden</c> the shares follow from the work of causal attention.</summary>
    /// <example>32768</example>
    public int? Sequence { get; init; }

    /// <summary>Width of the model, for the ratio of attention to all other work.</summary>
    /// <example>4096</example>
    public int? Hidden { get; init; }

    /// <summary>Where the sequence is cut. Default even.</summary>
    /// <example>equalFlops</example>
    public SequenceCut Cut { get; init; } = SequenceCut.Even;

    /// <summary>Lengths of slices are multiples of this, such as the degree of tensor parallelism. Default 1.</summary>
    /// <example>8</example>
    public int Multiple { get; init; } = 1;
}
