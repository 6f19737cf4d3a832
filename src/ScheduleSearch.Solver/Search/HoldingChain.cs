using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Solver.Search;

/// <summary>
/// Equal memory that the operations of one kind, stage, pipe and slice take and those of another free, or the same ones: one holding for each
/// microbatch, in turn.
/// </summary>
/// <param name="From">The operations at whose start the memory is taken, by index.</param>
/// <param name="To">For each of them the operation at whose end it is freed, on the same lane.</param>
/// <param name="Units">Memory units of each.</param>
internal sealed record HoldingChain(int[] From, int[] To, long Units)
{
    /// <summary>Memory units that one of <see cref="From"/> takes, those of other holdings included.</summary>
    public long Taken { get; private init; }

    /// <summary>Memory units of what one of <see cref="From"/> takes that are held at least as long as those of this holding, which are included.</summary>
    public long HeldAsLong { get; private init; }

    /// <summary>
    /// Gathers the holdings of a graph, by the first operation that takes and the first that frees. Cost: that of sorting them, and for each
    /// operation of a microbatch that takes several the dependencies between those that free them.
    /// </summary>
    public static IReadOnlyList<HoldingChain> Of(OperationGraph graph)
    {
        var chains = graph.Holdings.ToArray()
            .GroupBy(holding => (holding.From, holding.To), holding => holding.Units, (ends, units) => new Holding(ends.From, ends.To, units.Sum()))
            .GroupBy(holding => (From: ClassOf(holding.From), To: ClassOf(holding.To), holding.Units))
            .Select(group => group.OrderBy(holding => graph.Operations[holding.From].Microbatch).ToList())
            .Select(group => new HoldingChain([.. group.Select(holding => holding.From)], [.. group.Select(holding => holding.To)], group[0].Units))
            .OrderBy(chain => chain.From[0]).ThenBy(chain => chain.To[0])
            .ToList();
        var parts = chains.ToLookup(chain => ClassOf(chain.From[0]));
        return
        [
            .. chains.Select(chain => chain with
            {
                Taken = parts[ClassOf(chain.From[0])].Sum(part => part.Units),
                HeldAsLong = parts[ClassOf(chain.From[0])].Where(part => Precedes(graph, chain.To[0], part.To[0])).Sum(part => part.Units),
            }),
        ];

        Operation ClassOf(int operation) => graph.Operations[operation] with { Microbatch = 0 };
    }

    /// <summary>Whether an operation is another one or ends before it in every schedule, by what they wait for.</summary>
    private static bool Precedes(OperationGraph graph, int operation, int other)
    {
        var (seen, left) = (new HashSet<int>(), new Stack<int>([other]));
        while (left.TryPop(out var next))
        {
            if (next == operation) return true;
            foreach (var (dependency, _) in graph.DependenciesOf(next))
            {
                // What has a smaller index waits for nothing that has a larger one.
                if (dependency >= operation && seen.Add(dependency)) left.Push(dependency);
            }
        }

        return false;
    }
}
