using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Tests.Operations;

/// <summary>What a graph says of one operation.</summary>
internal static class GraphReading
{
    /// <summary>What an operation waits for, and how long after its end.</summary>
    public static List<(Operation On, long Lag)> WaitsOf(this OperationGraph graph, Operation operation)
    {
        List<(Operation, long)> waits = [];
        foreach (var (dependency, lag) in graph.DependenciesOf(graph.IndexOf(operation))) waits.Add((graph.Operations[dependency], lag));
        return waits;
    }

    /// <summary>Units that an operation takes at its start and frees at its end.</summary>
    public static (long Taken, long Freed) MemoryOf(this OperationGraph graph, Operation operation) =>
        (graph.Acquired[graph.IndexOf(operation)], graph.Released[graph.IndexOf(operation)]);
}
