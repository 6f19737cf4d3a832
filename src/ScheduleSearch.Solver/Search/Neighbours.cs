using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Solver.Search;

/// <summary>Neighbours of each operation in one array: those of operation x stand from First[x] to First[x + 1].</summary>
internal sealed class Neighbours
{
    private Neighbours(int[] first, int[] operation, long[] lag) => (First, Operation, Lag) = (first, operation, lag);

    public int[] First { get; }

    public int[] Operation { get; }

    public long[] Lag { get; }

    public delegate ReadOnlySpan<Dependency> Edges(int operation);

    public static Neighbours Of(OperationGraph graph, Edges edges, bool elsewhereOnly)
    {
        var first = new int[graph.Count + 1];
        var operations = new List<int>();
        var lags = new List<long>();
        for (var operation = 0; operation < graph.Count; operation++)
        {
            foreach (var (neighbour, lag) in edges(operation))
            {
                if (elsewhereOnly && graph.LaneOf[neighbour] == graph.LaneOf[operation]) continue;
                operations.Add(neighbour);
                lags.Add(lag);
            }

            first[operation + 1] = operations.Count;
        }

        return new Neighbours(first, [.. operations], [.. lags]);
    }
}
