using System.Collections.Immutable;

namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>The sizes that a request lets vary: their product is as many devices as the cluster has.</summary>
public static class PlanGrid
{
    /// <summary>All of them, tensor parallelism from the least on, then pipeline ranks, then microbatches and chunks.</summary>
    public static IEnumerable<PlanSizes> Of(PlanRequest request)
    {
        var cluster = request.Cluster;
        return
            from tensor in request.TensorParallel ?? Divisors(cluster.DevicesPerNode)
            from pipeline in request.PipelineParallel ?? Divisors(cluster.Devices)
            let shared = (long)tensor * pipeline * request.Base.ContextParallel
            where cluster.Devices % shared == 0
            let data = (int)(cluster.Devices / shared)
            where request.DataParallel is not { } replicas || replicas.Contains(data)
            from microbatchSize in request.MicrobatchSizes ?? [1]
            from chunks in request.Chunks ?? [1]
            select new PlanSizes(tensor, pipeline, data, microbatchSize, chunks);
    }

    private static ImmutableArray<int> Divisors(int whole) => [.. Enumerable.Range(1, whole).Where(part => whole % part == 0)];
}
