using System.Collections.Immutable;
using ScheduleSearch.Core.Estimates.Plans;
using ScheduleSearch.Core.Estimates.Requests;

namespace ScheduleSearch.Api.Plans;

/// <summary>One way to divide a model among the devices of a cluster.</summary>
/// <param name="TensorParallel" example="4">t: devices that share each product.</param>
/// <param name="PipelineParallel" example="4">p: pipeline ranks.</param>
/// <param name="DataParallel" example="2">d: replicas of the pipeline.</param>
/// <param name="MicrobatchSize" example="1">b: sequences of a microbatch.</param>
/// <param name="Chunks" example="1">v: chunks of each rank.</param>
/// <param name="Fits" example="true">Whether it may be searched; if not, <c>reason</c> says why.</param>
internal sealed record PlanRowAnswer(int TensorParallel, int PipelineParallel, int DataParallel, int MicrobatchSize, int Chunks, bool Fits)
{
    /// <summary>c: devices that share each sequence.</summary>
    /// <example>1</example>
    public required int ContextParallel { get; init; }

    /// <summary>The placement of the stages.</summary>
    /// <example>linear</example>
    public required string Placement { get; init; }

    /// <summary>
    /// The layers of each stage, the embedding and the head among them: of the searched schedule where there is one, else those that the formula takes.
    /// </summary>
    /// <example>[9, 8, 8, 9]</example>
    public ImmutableArray<int>? Split { get; init; }

    /// <summary>m: microbatches of each pipeline.</summary>
    /// <example>32</example>
    public int? Microbatches { get; init; }

    /// <summary>Why it is ruled out.</summary>
    /// <example>1F1B with an even split of the layers holds 92.3 GiB on rank 0; a device has 80.</example>
    public string? Reason { get; init; }

    /// <summary>
    /// GiB of the fullest device, weights, gradients, optimizer and activations, with the split that the formula takes: under 1F1B where the placement is
    /// linear or interleaved, else with one microbatch on each of its stages.
    /// </summary>
    /// <example>61.2</example>
    public decimal? EstimatedMemory { get; init; }

    /// <summary>GiB that a device has.</summary>
    /// <example>80</example>
    public double DeviceMemory { get; init; }

    /// <summary>Milliseconds of an iteration by Pipette's formula, by which plans are ranked.</summary>
    /// <example>1520.5</example>
    public double? FormulaTime { get; init; }

    /// <summary>How they come about.</summary>
    /// <example>32·41.2 work + 3·41.2 bubble + 8·0.9 messages + 71.1 sums of gradients = 1520.5 ms</example>
    public string? Formula { get; init; }

    /// <summary>
    /// The nodes in the order in which the launcher lists them, with global ranks as Megatron deals them out: tensor-parallel devices side by side, then
    /// replicas, then pipeline ranks.
    /// </summary>
    /// <example>[0, 2, 1, 3]</example>
    public ImmutableArray<int>? Nodes { get; init; }

    /// <summary>The id of the searched schedule; only of the plans that were searched, like what follows.</summary>
    /// <example>9b0c51a7d2f84c1e6a3b9d0c7e5f1a2b4c6d8e0f1a3b5c7d9e0f2a4b6c8d0e1f</example>
    public string? Id { get; init; }

    /// <summary>The id of the problem of the split that leads, where splits are searched: <c>id</c> is then that of the choice between them.</summary>
    /// <example>9b0c51a7d2f84c1e6a3b9d0c7e5f1a2b4c6d8e0f1a3b5c7d9e0f2a4b6c8d0e1f</example>
    public string? Leader { get; init; }

    /// <summary><c>optimal</c>, <c>feasible</c>, or how far its search is.</summary>
    /// <example>feasible</example>
    public string? Status { get; init; }

    /// <summary>What found the schedule.</summary>
    /// <example>local-search</example>
    public string? Method { get; init; }

    /// <summary>Milliseconds that no schedule of the slowest pipeline is below, with any split where they are searched.</summary>
    /// <example>1400.2</example>
    public decimal? LowerBound { get; init; }

    /// <summary>Milliseconds of the searched schedule, replayed on all pipelines.</summary>
    /// <example>1421.9</example>
    public double? Makespan { get; init; }

    /// <summary>Milliseconds that the sums of gradients over the replicas add to it: each rank's begin when its last operation has ended.</summary>
    /// <example>70.4</example>
    public double? DataParallelTime { get; init; }

    /// <summary>Milliseconds of an iteration: both together. It decides between the plans that were searched.</summary>
    /// <example>1492.3</example>
    public double? IterationTime { get; init; }

    /// <summary>Tokens of the global batch in a second.</summary>
    /// <example>175668</example>
    public double? TokensPerSecond { get; init; }

    /// <summary>GiB that the fullest device holds in the searched schedule, weights, gradients and optimizer among them.</summary>
    /// <example>60.4</example>
    public double? PeakMemory { get; init; }

    /// <summary>The row of a plan that was not searched.</summary>
    public static PlanRowAnswer Of(PlanRequest request, Plan plan)
    {
        var sizes = plan.Sizes;
        return new(sizes.Tensor, sizes.Pipeline, sizes.Data, sizes.MicrobatchSize, sizes.Chunks, plan.Pipeline is not null)
        {
            ContextParallel = sizes.Context,
            Placement = sizes.Placement,
            Split = plan.Split.IsEmpty ? null : plan.Split,
            Microbatches = plan.Microbatches,
            Reason = plan.Reason,
            EstimatedMemory = plan.Memory,
            DeviceMemory = request.Base.Device.Memory,
            FormulaTime = plan.Pipeline?.Milliseconds,
            Formula = plan.Pipeline?.Formula,
            Nodes = plan.Pipeline?.Nodes,
        };
    }
}
