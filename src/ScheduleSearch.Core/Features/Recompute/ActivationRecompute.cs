using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Recompute;

/// <summary>
/// Activations that are thrown away after the forward and recomputed before the backward, from what is kept. Source: Chen et al.,
/// Training Deep Nets with Sublinear Memory Cost, arXiv:1604.06174; Huang et al., GPipe, arXiv:1811.06965.
/// </summary>
public sealed record ActivationRecompute
{
    /// <summary>The time of recomputing: one number or S numbers. Default: that of the forward.</summary>
    /// <example>1</example>
    public StageValues? Time { get; init; }

    /// <summary>The part of the activation that is kept from the forward on: one number or S numbers, at most the activation.</summary>
    /// <example>0.1</example>
    public required StageValues Kept { get; init; }

    /// <summary>The stages that recompute; null for all of them.</summary>
    /// <example>[0, 1]</example>
    public ImmutableArray<int>? Stages { get; init; }

    /// <summary>Whether a stage recomputes.</summary>
    public bool Covers(int stage) => Stages is not { } stages || stages.Contains(stage);
}
