namespace ScheduleSearch.Core.Features.Layers;

/// <summary>A layer of the model, or several equal ones that follow each other. Its times and memory are those of one layer and one microbatch.</summary>
public sealed record ModelLayer
{
    /// <summary>What the layer is: <c>embedding</c>, <c>decoder</c>, <c>mtp</c>, <c>head</c> or any other name. Layouts for runtimes go by it.</summary>
    /// <example>decoder</example>
    public required string Name { get; init; }

    /// <summary>How many equal layers follow each other here, at least 1. Default 1.</summary>
    /// <example>80</example>
    public int Count { get; init; } = 1;

    /// <summary>Time of its forward, 0 or more.</summary>
    /// <example>3</example>
    public required decimal Forward { get; init; }

    /// <summary>Time of its backward's input gradient, 0 or more.</summary>
    /// <example>3</example>
    public required decimal BackwardInput { get; init; }

    /// <summary>Time of its backward's weight gradient, 0 or more.</summary>
    /// <example>2.7</example>
    public required decimal BackwardWeight { get; init; }

    /// <summary>Memory that a microbatch takes when its forward starts. Default 0.</summary>
    /// <example>0.5</example>
    public decimal? Activation { get; init; }

    /// <summary>What lives of that until its weight gradient ends, or more. Default: the activation.</summary>
    /// <example>0.3</example>
    public decimal? Retained { get; init; }

    /// <summary>Memory of its weights, gradients and optimizer state, which <c>memory.total</c> counts. Default 0.</summary>
    /// <example>1.6</example>
    public decimal? Weights { get; init; }

    /// <summary>
    /// What it keeps of that on a stage that recomputes: <c>profile.recompute</c> says in <c>choose</c> which ones do, all by default. Default: all of it,
    /// which is not recomputed.
    /// </summary>
    public LayerRecompute? Recompute { get; init; }

    /// <summary>
    /// Size of what it hands on to the layer after it, on one microbatch, and of the gradient that comes back, 0 or more: in the unit that
    /// <c>times.communication.bandwidth</c> counts in, and in the place of <c>bytes</c> there. A stage sends what its last layer hands on. Default 0 where
    /// some layer says it.
    /// </summary>
    /// <example>16</example>
    public decimal? Output { get; init; }

    /// <summary>
    /// Whether its weights are not trained: it has no weight gradient and retains nothing for one, and no gradient at all where no layer before it is
    /// trained either. Such first layers hold their activation only while their forwards run. Default false.
    /// </summary>
    /// <example>true</example>
    public bool Frozen { get; init; }

    /// <summary>
    /// Memory of a slice's keys and values, beside its activation, where <c>slices</c> cuts microbatches: it stays until the backward of the first slice.
    /// Default 0.
    /// </summary>
    /// <example>0.02</example>
    public decimal? KeyValue { get; init; }

    /// <summary>Time of recomputing it; 0 where it keeps everything.</summary>
    internal decimal RecomputeTime => Recompute is { } recompute ? recompute.Time ?? Forward : 0;

    /// <summary>Time of all that a microbatch does in it.</summary>
    internal decimal Work => Forward + BackwardInput + BackwardWeight;
}
