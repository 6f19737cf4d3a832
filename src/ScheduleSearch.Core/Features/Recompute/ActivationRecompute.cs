using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Recompute;

/// <summary>
/// Activations that are thrown away after the forward and recomputed before the backward, from what is kept. Source: Chen et al.,
/// Training Deep Nets with Sublinear Memory Cost, arXiv:1604.06174; Huang et al., GPipe, arXiv:1811.06965.
/// </summary>
public sealed record ActivationRecompute
{
    /// <summary>The time of recomputing, in the unit of <c>times</c>: one number or S numbers. Default: that of the forward.</summary>
    /// <example>1</example>
    public StageValues? Time { get; init; }

    /// <summary>
    /// The part of the activation that is kept from the forward on, in the unit of <c>memory</c>: one number or S numbers, at most the activation. Must
    /// be given where <c>levels</c> are not.
    /// </summary>
    /// <example>0.1</example>
    public StageValues? Kept { get; init; }

    /// <summary>
    /// Several ways to keep less, of which each stage has one or keeps everything, whichever makes the best schedule: 1 to 8, only where <c>choose</c> is
    /// <c>search</c>, in the place of <c>time</c> and <c>kept</c>.
    /// </summary>
    public ImmutableArray<RecomputeLevel>? Levels { get; init; }

    /// <summary>The stages that recompute; null for all of them.</summary>
    /// <example>[0, 1]</example>
    public ImmutableArray<int>? Stages { get; init; }

    /// <summary>Whether the stages that recompute are left to the search; <see cref="Stages"/> is null then.</summary>
    internal bool IsLeftOpen { get; init; }

    /// <summary>Whether a stage recomputes.</summary>
    public bool Covers(int stage) => Stages is not { } stages || stages.Contains(stage);

    /// <summary>The levels, or the only one that time and kept are; none where kept is missing.</summary>
    internal IEnumerable<RecomputeLevel> AllLevels => Levels ?? (Kept is null ? [] : ImmutableArray.Create(new RecomputeLevel { Time = Time, Kept = Kept }));
}
