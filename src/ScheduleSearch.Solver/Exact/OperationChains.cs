using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Solver.Exact;

/// <summary>
/// The operations of each stage and kind in order of microbatch. Microbatches cost the same, so exchanging two of them in a chain changes
/// nothing, and a search loses nothing when it carries out every chain in this order.
/// </summary>
internal sealed class OperationChains
{
    private readonly OperationGraph _graph;
    private readonly Dictionary<(OperationKind Kind, int Pipe, int Stage), int[]> _chains;

    public OperationChains(OperationGraph graph)
    {
        _graph = graph;
        _chains = Enumerable.Range(0, graph.Count)
            .GroupBy(operation => KeyOf(graph.Operations[operation]))
            .ToDictionary(chain => chain.Key, chain => chain.OrderBy(operation => graph.Operations[operation].Turn).ToArray());
    }

    /// <summary>Every chain, in order of microbatch.</summary>
    public IEnumerable<int[]> All => _chains.Values;

    /// <summary>The chain of a stage's operations of one kind; null when there is none.</summary>
    public int[]? Find(OperationKind kind, int pipe, int stage) => _chains.GetValueOrDefault((kind, pipe, stage));

    /// <summary>The same orders with the microbatches of every chain exchanged until each chain is in order of microbatch.</summary>
    public int[][] InOrder(IReadOnlyList<IReadOnlyList<int>> orders)
    {
        var taken = _chains.Keys.ToDictionary(key => key, _ => 0);
        return [.. orders.Select(order => order.Select(Next).ToArray())];

        int Next(int operation)
        {
            var key = KeyOf(_graph.Operations[operation]);
            return _chains[key][taken[key]++];
        }
    }

    private static (OperationKind Kind, int Pipe, int Stage) KeyOf(Operation operation) => (operation.Kind, operation.Pipe, operation.Stage);
}
