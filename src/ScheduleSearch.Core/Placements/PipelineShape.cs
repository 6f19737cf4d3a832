using System.Collections.Immutable;

namespace ScheduleSearch.Core.Placements;

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
