using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Solver.Search;

/// <summary>Neighbours of each operation, with the lag between the two, in one array.</summary>
internal sealed class Neighbours
{
    private readonly int[] _first;
    private readonly Dependency[] _edges;

    private Neighbours(int[] first, Dependency[] edges) => (_first, _edges) = (first, edges);

    public delegate ReadOnlySpan<Dependency> Edges(int operation);

    /// <summary>The neighbours of an operation.</summary>
    public ReadOnlySpan<Dependency> Of(int operation) => _edges.AsSpan(_first[operation], _first[operation + 1] - _first[operation]);

    /// <summary>The neighbours that a graph gives each operation.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="edges">Its dependencies, or its dependents.</param>
    /// <param name="elsewhereOnly">Whether those on the operation's own lane are left out, but where time has to pass between the two.</param>
    public static Neighbours Of(OperationGraph graph, Edges edges, bool elsewhereOnly)
    {
        var first = new int[graph.Count + 1];
        var kept = new List<Dependency>();
        for (var operation = 0; operation < graph.Count; operation++)
        {
            foreach (var edge in edges(operation))
            {
                if (!elsewhereOnly || edge.Lag > 0 || graph.LaneOf[edge.Operation] != graph.LaneOf[operation]) kept.Add(edge);
            }

            first[operation + 1] = kept.Count;
        }

        return new Neighbours(first, [.. kept]);
    }
}
