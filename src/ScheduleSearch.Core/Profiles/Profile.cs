using System.Collections.Immutable;

namespace ScheduleSearch.Core.Profiles;

/// <summary>What a training launcher knows of its pipeline, exactly as it states it.</summary>
public sealed record Profile
{
    /// <summary>A label for people; no part of the problem.</summary>
    /// <example>gpt-1.5b</example>
    public string? Name { get; init; }

    /// <summary>Devices, chunks, placement and microbatches.</summary>
    public required PipelineShape Pipeline { get; init; }

    /// <summary>The time of each operation of a stage on one microbatch, and of a message between devices.</summary>
    public required OperationTimes Times { get; init; }

    /// <summary>What a device may hold and what a forward leaves there. Absent: unlimited.</summary>
    public ActivationMemory? Memory { get; init; }

    /// <summary>What a forward and a backward take when they overlap on one device. Absent: as long as one after the other.</summary>
    public OverlapTimes? Overlap { get; init; }

    /// <summary>How each microbatch is cut along its sequence. Absent: not at all.</summary>
    public SequenceSlices? Slices { get; init; }

    /// <summary>Which activations are computed again for the backward instead of kept. Absent: none.</summary>
    public ActivationRecompute? Recompute { get; init; }
}

/// <summary>The shape of a pipeline.</summary>
public sealed record PipelineShape
{
    /// <summary>p: pipeline-parallel ranks, at least 1.</summary>
    /// <example>8</example>
    public required int Devices { get; init; }

    /// <summary>
    /// v: model chunks (virtual stages) that a device holds, at least 1, of each pipe in a two-pipe placement; S = devices x chunks stages. With the
    /// placement <c>best</c>, the most chunks to try.
    /// </summary>
    /// <example>1</example>
    public int Chunks { get; init; } = 1;

    /// <summary>
    /// The name of the map from stages to devices; left out, <c>linear</c>, which needs one chunk. In solve, <c>best</c> tries the placements of all
    /// numbers of chunks that divide <c>chunks</c>; all else then stands for the finest stages, of which coarser ones are sums.
    /// </summary>
    /// <example>linear</example>
    public string? Placement { get; init; }

    /// <summary>
    /// The device of each of the S stages, for the placement <c>explicit</c> only; for two pipes, which are two replicas of the weights, the S
    /// of the first pipe and then the S of the second (in requests a list of two lists will do too).
    /// </summary>
    /// <example>[0, 1, 1, 0]</example>
    public ImmutableArray<int>? StageDevices { get; init; }

    /// <summary>m: microbatches an iteration, at least 1.</summary>
    /// <example>24</example>
    public required int Microbatches { get; init; }

    /// <summary>S: the stages of one pipe.</summary>
    public long Stages => (long)Devices * Chunks;
}

/// <summary>Times of one stage (chunk) on one microbatch: one number, or one for each of the S stages; each 0 or more.</summary>
public sealed record OperationTimes
{
    /// <summary>The unit of all times. Default ms.</summary>
    /// <example>ms</example>
    public TimeUnit Unit { get; init; } = TimeUnit.ms;

    /// <summary>Time of a forward.</summary>
    /// <example>18.522</example>
    public required StageValues Forward { get; init; }

    /// <summary>Time of the backward's input gradient.</summary>
    /// <example>18.086</example>
    public required StageValues BackwardInput { get; init; }

    /// <summary>Time of the backward's weight gradient; may be 0.</summary>
    /// <example>9.337</example>
    public required StageValues BackwardWeight { get; init; }

    /// <summary>One-way latency of a message between neighbouring stages on different devices: a number or a devices x devices matrix.</summary>
    /// <example>0.601</example>
    public LinkValues Communication { get; init; } = LinkValues.Same(0);
}

/// <summary>Activation memory: the budget of a device, and what one microbatch leaves on one stage.</summary>
public sealed record ActivationMemory
{
    /// <summary>The unit of all amounts. Default MiB.</summary>
    /// <example>MiB</example>
    public MemoryUnit Unit { get; init; } = MemoryUnit.MiB;

    /// <summary>Activation budget of a device: one number or p numbers. Absent: unlimited.</summary>
    /// <example>16384</example>
    public StageValues? Limit { get; init; }

    /// <summary>Taken when a forward starts: one number or S numbers. Required with a limit, else 0 by default.</summary>
    /// <example>2048</example>
    public StageValues? Activation { get; init; }

    /// <summary>The part of the activation that lives until backwardWeight ends; the rest is freed when backwardInput ends. Default: all of it.</summary>
    /// <example>750</example>
    public StageValues? Retained { get; init; }

    /// <summary>Weights, gradients and optimizer state of a stage: one number or S numbers. A device of a two-pipe placement holds them for both pipes.</summary>
    /// <example>3072</example>
    public StageValues? Weights { get; init; }

    /// <summary>What a device may hold in all, in the place of <c>limit</c>: weights first, activations in the rest. One number or p numbers.</summary>
    /// <example>40960</example>
    public StageValues? Total { get; init; }
}
