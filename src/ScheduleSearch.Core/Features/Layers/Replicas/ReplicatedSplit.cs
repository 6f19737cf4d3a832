using System.Collections.Immutable;

namespace ScheduleSearch.Core.Features.Layers.Replicas;

/// <summary>A way to deal layers out to stages and these to devices.</summary>
/// <param name="Stages">The stages, in the order in which forwards pass them.</param>
public sealed record ReplicatedSplit(ImmutableArray<ReplicatedStage> Stages)
{
    /// <summary>What the slowest stage takes of an iteration, without warm-up and cool-down.</summary>
    public decimal Time => Stages.Max(stage => stage.Time);
}
