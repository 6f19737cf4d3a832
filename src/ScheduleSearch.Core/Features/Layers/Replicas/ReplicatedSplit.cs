using System.Collections.Immutable;

namespace ScheduleSearch.Core.Features.Layers.Replicas;

/// <summary>A way to deal layers out to stages and these to devices.</summary>
/// <param name="Stages">The stages, in the order in which forwards pass them.</param>
/// <param name="Time">What the slowest of them takes in an iteration, without warm-up and cool-down.</param>
public sealed record ReplicatedSplit(ImmutableArray<ReplicatedStage> Stages, decimal Time);
