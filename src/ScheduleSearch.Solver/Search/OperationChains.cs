using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Solver.Search;

/// <summary>
/// The operations of each kind on each stage of a pipe in turn: by microbatch, then by slice. Microbatches cost the same, so exchanging two of
/// them in a chain changes nothing, and a search loses nothing when it carries out every chain in this order.
/// </summary>
internal sealed class OperationChains
{
    private readonly OperationGraph _graph;
    private readonly Dictionary<Operation, int[]> _chains;

    /// <summary>Gathers the chains of a graph. Cost: that of sorting each chain.</summary>
    public OperationChains(OperationGraph graph)
    {
        _graph = graph;
        _chains = Enumerable.Range(0, graph.Count)
            .GroupBy(operation => graph.Operations[operation].Chain)
            .ToDictionary(chain => chain.Key, chain => chain.OrderBy(operation => graph.Operations[operation].Turn).ToArray());
    }

    /// <summary>Every chain as operation indices in turn, by its lowest index.</summary>
    public IEnumerable<int[]> All => _chains.Values;

    /// <summary>The chain of a stage's operations of one kind; null when there is none.</summary>
    public int[]? Find(OperationKind kind, int pipe, int stage) => _chains.GetValueOrDefault(new Operation(kind, pipe, stage, Microbatch: 0));

    /// <summary>The same orders with the microbatches of every chain exchanged until each chain is in turn.</summary>
    public int[][] InTurn(IEnumerable<IEnumerable<int>> orders) => InTurn(orders.Select(order => order.Select(operation => _graph.Operations[operation])));

    /// <summary>Orders of operations of another graph's microbatches as those of this graph, each chain in turn.</summary>
    /// <exception cref="KeyNotFoundException">An operation is of a kind that this graph does not have there.</exception>
    public int[][] InTurn(IEnumerable<IEnumerable<Operation>> orders)
    {
        var taken = new Dictionary<Operation, int>();
        return [.. orders.Select(order => order.Select(Next).ToArray())];

        int Next(Operation operation)
        {
            var chain = operation.Chain;
            var turn = taken.GetValueOrDefault(chain);
            taken[chain] = turn + 1;
            return _chains[chain][turn];
        }
    }
}
