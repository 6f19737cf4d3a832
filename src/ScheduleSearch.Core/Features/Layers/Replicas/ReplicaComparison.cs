namespace ScheduleSearch.Core.Features.Layers.Replicas;

/// <summary>The best replication beside the two that leave the choice out.</summary>
/// <param name="Best">The least time over all splits and replications.</param>
/// <param name="Pipeline">The least over all splits with one device to a stage; null where devices lack the memory, or there are fewer layers.</param>
/// <param name="DataParallel">One stage of all layers on every device; null where devices lack the memory.</param>
public sealed record ReplicaComparison(ReplicatedSplit Best, ReplicatedSplit? Pipeline, ReplicatedSplit? DataParallel);
