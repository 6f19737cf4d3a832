using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>What a plan is made for: a model, a cluster, and what may vary. Sizes whose product is not the cluster's devices make no plan.</summary>
public sealed record PlanRequest
{
    /// <summary>
    /// A request for an estimate, without <c>pipeline</c>, <c>microbatchSize</c>, <c>tensorParallel</c> and <c>dataParallel</c>, which are what varies;
    /// <c>contextParallel</c> does too where the request lists sizes of it.
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

    /// <summary>
    /// c: sizes of context parallelism to try, each a divisor of the cluster's devices and of the sequence. Default that of <c>base</c> alone.
    /// </summary>
    /// <example>[1, 2]</example>
    public ImmutableArray<int>? ContextParallel { get; init; }

    /// <summary>p: numbers of pipeline ranks to try, each a divisor of the cluster's devices. Default all of them.</summary>
    /// <example>[2, 4, 8]</example>
    public ImmutableArray<int>? PipelineParallel { get; init; }

    /// <summary>d: numbers of replicas to try, each a divisor of the cluster's devices. Default all of them.</summary>
    /// <example>[2, 4, 8, 16]</example>
    public ImmutableArray<int>? DataParallel { get; init; }

    /// <summary>b: sequences of a microbatch to try. Default 1 alone.</summary>
    /// <example>[1, 2]</example>
    public ImmutableArray<int>? MicrobatchSizes { get; init; }

    /// <summary>v: chunks of each rank to try. Default 1 alone.</summary>
    /// <example>[1, 2]</example>
    public ImmutableArray<int>? Chunks { get; init; }

    /// <summary>
    /// The placements to try: <c>linear</c>, <c>interleaved</c>, <c>v</c>, <c>wave</c>, <c>bidirectional</c>, each with those of <c>chunks</c> that it takes.
    /// Default <c>linear</c> for one chunk and <c>interleaved</c> for more.
    /// </summary>
    /// <example>["linear", "v"]</example>
    public IReadOnlyList<string>? Placements { get; init; }

    /// <summary>
    /// Whether splits of the layers are searched. Default search: the formula takes the one whose busiest rank has least to do, and plans that are searched
    /// try others too.
    /// </summary>
    public PlanSplit Split { get; init; }

    /// <summary>Plans that are searched, the best by the formula, from 1 to 16. Default 3.</summary>
    /// <example>3</example>
    public int Search { get; init; } = 3;

    /// <summary>
    /// As solve's: <c>timeLimitSeconds</c> is for all searches together, and <c>seed</c> is that of the nodes' order too. The objective is the makespan, and
    /// <c>family</c>, <c>formats</c>, <c>placements</c> and <c>workLimit</c> are not taken. Plans that <c>runtime</c> does not carry are ruled out.
    /// </summary>
    public SolveOptions Options { get; init; } = new();
}
