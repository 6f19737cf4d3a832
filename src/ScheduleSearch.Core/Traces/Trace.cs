using System.Collections.Immutable;

namespace ScheduleSearch.Core.Traces;

/// <summary>The operations of a run, whoever recorded them.</summary>
public sealed record Trace
{
    /// <summary>The name of the format that they were read in.</summary>
    public required string Format { get; init; }

    /// <summary>The operations, in no order.</summary>
    public required ImmutableArray<TracedOperation> Operations { get; init; }

    /// <summary>Whether an operation is recorded from when its rank turned to it, and so may begin with waiting for what it takes.</summary>
    public bool BeginsWithWaiting { get; init; }

    /// <summary>GiB that each rank held at most, by rank; empty where nothing says so.</summary>
    public ImmutableSortedDictionary<int, double> PeakMemory { get; init; } = ImmutableSortedDictionary<int, double>.Empty;

    /// <summary>What the format does not tell, in sentences.</summary>
    public ImmutableArray<string> Untold { get; init; } = [];
}
