using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>What an estimate is made of: a model, how it is trained, and on what.</summary>
public sealed record EstimateRequest
{
    /// <summary>A label for people; left out, what the configuration says.</summary>
    /// <example>llama-3-8b</example>
    public string? Name { get; init; }

    /// <summary>The sizes of the model; in its place, <c>config</c> takes a Hugging Face <c>config.json</c>.</summary>
    public required ModelSizes Model { get; init; }

    /// <summary>s: tokens of a sequence, from 1 to 16,777,216.</summary>
    /// <example>8192</example>
    public required long Sequence { get; init; }

    /// <summary>b: sequences of a microbatch, from 1 to 65,536. Default 1.</summary>
    /// <example>1</example>
    public int MicrobatchSize { get; init; } = 1;

    /// <summary>t: devices that share each product, from 1 to 1,024, of which <c>heads</c> is a multiple. Default 1.</summary>
    /// <example>1</example>
    public int TensorParallel { get; init; } = 1;

    /// <summary>
    /// Devices among which the experts of a layer are dealt out, from 1 to 4,096: a divisor of the experts, and of dataParallel x contextParallel with
    /// all-to-all, of tensorParallel with all-reduce. Default 1.
    /// </summary>
    public int ExpertParallel { get; init; } = 1;

    /// <summary>c: devices that share each sequence, from 1 to 1,024, a divisor of the sequence. Default 1.</summary>
    public int ContextParallel { get; init; } = 1;

    /// <summary>d: replicas of the pipeline, from 1 to 65,536. Default 1.</summary>
    public int DataParallel { get; init; } = 1;

    /// <summary>Whether devices that share products also share, by the sequence, what each would else do whole (sequence parallelism). Default true.</summary>
    public bool SequenceParallel { get; init; } = true;

    /// <summary>The numbers of products and activations. Default bf16.</summary>
    public NumberType Dtype { get; init; } = NumberType.Bf16;

    /// <summary>What is kept of each parameter beside its weight.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>How attention is computed. Default flash.</summary>
    public AttentionKernel Attention { get; init; }

    /// <summary>Which activations are made again in the backward. Default none.</summary>
    public Recomputation Recompute { get; init; }

    /// <summary>How MoE layers are carried out.</summary>
    public ExpertOptions Moe { get; init; } = new();

    /// <summary>What it runs on.</summary>
    public required DeviceModel Device { get; init; }

    /// <summary>The pipeline.</summary>
    public required PipelineShape Pipeline { get; init; }

    /// <summary>How a stage is divided among devices.</summary>
    internal ParallelSizes Parallel => new(TensorParallel, ExpertParallel, ContextParallel, DataParallel, SequenceParallel);

    /// <summary>Tokens of a microbatch that a device works on.</summary>
    internal double Tokens => (double)MicrobatchSize * Sequence / ContextParallel;

    /// <summary>Bytes of an activation.</summary>
    internal int ActivationBytes => Dtype is NumberType.Fp32 or NumberType.Tf32 ? 4 : 2;

    /// <summary>Bytes of what a stage hands to the next of a microbatch, on one device.</summary>
    internal double MessageBytes => Tokens * Model.Hidden * ActivationBytes / Parallel.Whole;
}
