using System.Collections.Immutable;

namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>A training step of a replica, with all of its operations.</summary>
/// <param name="Replica">The replica.</param>
/// <param name="Step">The number of the step.</param>
/// <param name="Operations">Its operations, by their start.</param>
public sealed record TracedStep(int Replica, int Step, ImmutableArray<TracedOperation> Operations)
{
    /// <summary>Milliseconds from the first start to the last end.</summary>
    public double Length { get; } = Operations.Max(operation => operation.End) - Operations[0].Start;

    /// <summary>The operations of each rank, by their start.</summary>
    public ILookup<int, TracedOperation> ByRank { get; } = Operations.ToLookup(operation => operation.Rank);
}
