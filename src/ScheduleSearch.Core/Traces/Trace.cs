using System.Collections.Immutable;

namespace ScheduleSearch.Core.Traces;

/// <summary>The operations of a run, whoever recorded them.</summary>
public sealed record Trace
{
    /// <summary>The name of the format that they were read in.</summary>
    public required string Format { get; init; }

    /// <summary>The operations, in no order; empty where the run recorded means alone.</summary>
    public ImmutableArray<TracedOperation> Operations { get; init; } = [];

    /// <summary>What a run recorded of many operations together; null where it recorded each by itself.</summary>
    public TracedMeans? Means { get; init; }

    /// <summary>The share of the shorter of a forward and a backward that a pair saves; null where there are no pairs, or none that could be told.</summary>
    public double? OverlapGain { get; init; }

    /// <summary>Whether an operation is recorded from when its rank turned to it, and so may begin with waiting for what it takes.</summary>
    public bool BeginsWithWaiting { get; init; }

    /// <summary>GiB that each rank held at most, by rank; empty where nothing says so.</summary>
    public ImmutableSortedDictionary<int, double> PeakMemory { get; init; } = ImmutableSortedDictionary<int, double>.Empty;

    /// <summary>What the format does not tell, in sentences.</summary>
    public ImmutableArray<string> Untold { get; init; } = [];
}
