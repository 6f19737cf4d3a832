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
    /// placement <c>best</c>, the most chunks to try; with <c>explicit</c>, <c>stageDevices</c> says how many stages there are.
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
    /// The device of each of the S stages, for the placement <c>explicit</c> only; devices may hold unequal numbers of them. For two pipes, which are two
    /// replicas of the weights, a list of two lists of S; one list of 2 x devices x chunks is two pipes as well.
    /// </summary>
    /// <example>[0, 1, 1, 0]</example>
    public ImmutableArray<int>? StageDevices { get; init; }

    /// <summary>The stages of a pipe, where <see cref="StageDevices"/> were given pipe by pipe; null where in one list.</summary>
    internal int? StagesListed { get; init; }

    /// <summary>
    /// How <c>layers</c> are dealt out to the stages, with which alone it goes: <c>search</c>, the default, with which solve tries splits and the bound holds
    /// over every split that leaves no stage empty; <c>even</c>, the first stages with one more where some are left over; or the layers of each of the S
    /// stages, 0 or more.
    /// </summary>
    /// <example>search</example>
    public StageSplit? Split { get; init; }

    /// <summary>m: microbatches an iteration, at least 1.</summary>
    /// <example>24</example>
    public required int Microbatches { get; init; }

    /// <summary><see cref="StageDevices"/> as they were given: in one list, or pipe by pipe.</summary>
    internal ImmutableArray<ImmutableArray<int>>? Lists => StageDevices is not { } listed ? null
        : StagesListed is { } stages and > 0 ? [.. listed.Chunk(stages).Select(list => list.ToImmutableArray())]
        : [listed];

    /// <summary>S: the stages of one pipe.</summary>
    public long Stages => StageDevices is { } listed && Placement == ExplicitPlacement.Word
        ? StagesListed ?? (listed.Length == 2 * Regular ? Regular : listed.Length)
        : Regular;

    /// <summary>Whether the stages are a multiple of the devices.</summary>
    public bool IsMultiple => Devices > 0 && Stages % Devices == 0;

    /// <summary>The stages of a pipe for each device, where they are a multiple of the devices; else <see cref="Chunks"/>, which says nothing then.</summary>
    public int ChunksOfDevice => IsMultiple ? (int)(Stages / Devices) : Chunks;

    /// <summary>The stages of a pipe where every device holds as many.</summary>
    internal long Regular => (long)Devices * Chunks;

    /// <summary>The same shape with the devices of its stages in one list, or pipe by pipe.</summary>
    internal PipelineShape WithLists(ImmutableArray<ImmutableArray<int>> lists) => this with
    {
        StageDevices = [.. lists.SelectMany(list => list)],
        StagesListed = lists.Length == 1 ? null : lists[0].Length,
    };
}
