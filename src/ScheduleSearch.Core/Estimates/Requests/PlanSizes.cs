namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>How a cluster's devices are divided, and in which parts they take the work.</summary>
/// <param name="Tensor">t: devices that share each product.</param>
/// <param name="Context">c: devices that share each sequence.</param>
/// <param name="Pipeline">p: pipeline ranks.</param>
/// <param name="Data">d: replicas of the pipeline.</param>
/// <param name="MicrobatchSize">b: sequences of a microbatch.</param>
/// <param name="Chunks">v: chunks of each rank, of each pipe where there are two.</param>
/// <param name="Placement">The name of the placement.</param>
public readonly record struct PlanSizes(int Tensor, int Context, int Pipeline, int Data, int MicrobatchSize, int Chunks, string Placement);
