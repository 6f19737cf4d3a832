using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>What a plan is made for: a model, a cluster, and what may vary. Sizes whose product is not the cluster's devices make no plan.</summary>
public sealed record PlanRequest
{
    /// <summary>
    /// A request for an estimate, without <c>pipeline</c>, <c>microbatchSize</c>, <c>tensorParallel</c> and <c>dataParallel</c>, which are what varies.
    /// </summary>
    public required EstimateRequest Base { get; init; }

    /// <summary>What it runs on.</summary>
    public required Cluster Cluster { get; init; }

    /// <summary>Sequences of an iteration over all replicas, from 1 to 16,777,216.</summary>
    /// <example>256</example>
    public required int GlobalBatch { get; init; }

    /// <summary>t: sizes of tensor parallelism to try, each a divisor of <c>cluster.devicesPerNode</c>: within a node. Default all of them.</summary>
    /// <example>[1, 2, 4, 8]</example>
    public ImmutableArray<int>? TensorParallel { get; init; }

    /// <summary>p: numbers of pipeline ranks to try, each a divisor of the cluster's devices. Default all of them.</summary>
    /// <example>[2, 4, 8]</example>
    public ImmutableArray<int>? PipelineParallel { get; init; }

    /// <summary>d: numbers of replicas to try, each a divisor of the cluster's devices. Default all of them.</summary>
    /// <example>[2, 4, 8, 16]</example>
    public ImmutableArray<int>? DataParallel { get; init; }

    /// <summary>b: sequences of a microbatch to try. Default 1 alone.</summary>
    /// <example>[1, 2]</example>
    public ImmutableArray<int>? MicrobatchSizes { get; init; }

    /// <summary>v: chunks of each rank to try: 1 is the placement <c>linear</c>, more are <c>interleaved</c>. Default 1 alone.</summary>
    /// <example>[1, 2]</example>
    public ImmutableArray<int>? Chunks { get; init; }

    /// <summary>Plans that are searched, the best by the formula, from 1 to 16. Default 3.</summary>
    /// <example>3</example>
    public int Search { get; init; } = 3;

    /// <summary>
    /// As solve's: <c>timeLimitSeconds</c> is for all searches together, and <c>seed</c> is that of the nodes' order too. The objective is the makespan, and
    /// <c>family</c>, <c>formats</c>, <c>placements</c> and <c>workLimit</c> are not taken.
    /// </summary>
    public SolveOptions Options { get; init; } = new();
}
