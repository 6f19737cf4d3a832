using System.Collections.Immutable;
using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Traces;

/// <summary>What a run says of its operations where it recorded many of them together.</summary>
public sealed record TracedMeans
{
    /// <summary>The pipeline, whose placement nobody has checked yet.</summary>
    public required PipelineShape Pipeline { get; init; }

    /// <summary>The means, in no order.</summary>
    public required ImmutableArray<TracedMean> Durations { get; init; }

    /// <summary>Milliseconds of a message; null where that was not measured.</summary>
    public double? Latency { get; init; }

    /// <summary>What activations take; null where that was not measured.</summary>
    public TracedMemory? Memory { get; init; }
}
