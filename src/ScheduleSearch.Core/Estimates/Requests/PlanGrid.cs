using System.Collections.Immutable;
using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>The sizes that a request lets vary: their product is as many devices as the cluster has.</summary>
public static class PlanGrid
{
    /// <summary>The placements that plans may have: all that have a name and no map of their own.</summary>
    internal static ImmutableArray<string> Placements { get; } =
        [.. PlacementCatalogue.All.Select(placement => placement.Name).Where(name => name != ExplicitPlacement.Word)];

    /// <summary>All of them: tensor parallelism from the least on, then parts of sequences, pipeline ranks, microbatches, chunks and placements.</summary>
    public static IEnumerable<PlanSizes> Of(PlanRequest request)
    {
        var cluster = request.Cluster;
        return
            from tensor in request.TensorParallel ?? Divisors(cluster.DevicesPerNode)
            from context in request.ContextParallel ?? [request.Base.ContextParallel]
            from pipeline in request.PipelineParallel ?? Divisors(cluster.Devices)
            let shared = (long)tensor * context * pipeline
            where cluster.Devices % shared == 0
            let data = (int)(cluster.Devices / shared)
            where request.DataParallel is not { } replicas || replicas.Contains(data)
            from microbatchSize in request.MicrobatchSizes ?? [1]
            from chunks in request.Chunks ?? [1]
            from placement in PlacementsOf(request, pipeline, chunks)
            select new PlanSizes(tensor, context, pipeline, data, microbatchSize, chunks, placement);
    }

    /// <summary>The placement of Megatron's schedules.</summary>
    internal static string Looped(int chunks) => chunks == 1 ? new LinearPlacement().Name : new InterleavedPlacement().Name;

    /// <summary>Those that take so many ranks and chunks, each map once.</summary>
    private static IEnumerable<string> PlacementsOf(PlanRequest request, int ranks, int chunks)
    {
        if (request.Placements is not { } named) return [Looped(chunks)];
        return named.Select(name => (Definition: PlacementCatalogue.Find(name)!, Shape: ShapeOf(name)))
            .Where(one => !one.Definition.Check(one.Shape).Any())
            .DistinctBy(one => one.Definition.Place(one.Shape).Map)
            .Select(one => one.Definition.Name);

        PipelineShape ShapeOf(string name) => new()
        {
            Devices = ranks,
            Chunks = chunks,
            Placement = name,
            Microbatches = 1,
        };
    }

    private static ImmutableArray<int> Divisors(int whole) => [.. Enumerable.Range(1, whole).Where(part => whole % part == 0)];
}
