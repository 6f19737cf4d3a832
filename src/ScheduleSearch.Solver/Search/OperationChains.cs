using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Solver.Search;

/// <summary>
/// The operations of each kind on each stage of a pipe in turn: by microbatch, then by slice. Microbatches cost the same, so exchanging two of
/// them in a chain changes nothing, and a search loses nothing when it carries out every chain in this order. But slices are not all equal: where
/// nothing may be lost, each has chains of its own.
/// </summary>
/// <remarks>
/// That nothing is lost with a chain for each kind, pipe, stage and slice: take any schedule and let the operation with the k-th start of every
/// chain be that of the k-th microbatch of its pipe. Operations of a chain take the same time and the same memory, take and free the same, and
/// stand on one lane, so lanes carry out at every time what they did before, and hold as much. What an operation waits for is of its own
/// microbatch and, by chain, the same for all: before, each operation of a chain started a lag after the end of its own one of another chain, so
/// at least k of the latter have ended a lag before the k-th start, the k-th of them among these. So every operation still finds what it waits for.
/// (Pieces of no microbatch are in turn in every schedule, since each waits for the one before it.)
/// </remarks>
internal sealed class OperationChains
{
    private readonly OperationGraph _graph;
    private readonly Func<Operation, Operation> _chainOf;
    private readonly Dictionary<Operation, int[]> _chains;

    /// <summary>Gathers the chains of a graph. Cost: that of sorting each chain.</summary>
    public OperationChains(OperationGraph graph)
        : this(graph, operation => operation.Chain)
    {
    }

    private OperationChains(OperationGraph graph, Func<Operation, Operation> chainOf)
    {
        (_graph, _chainOf) = (graph, chainOf);
        _chains = Enumerable.Range(0, graph.Count)
            .GroupBy(operation => chainOf(graph.Operations[operation]))
            .ToDictionary(chain => chain.Key, chain => chain.OrderBy(operation => graph.Operations[operation].Turn).ToArray());
    }

    /// <summary>Every chain as operation indices in turn, by its lowest index.</summary>
    public IEnumerable<int[]> All => _chains.Values;

    /// <summary>The chains of a graph, those of each slice apart: what every schedule can be brought to. Cost: that of sorting each chain.</summary>
    public static OperationChains OfEachSlice(OperationGraph graph) => new(graph, operation => operation with { Microbatch = 0 });

    /// <summary>The chain of a stage's operations of one kind, those of the first slice where each has its own; null when there is none.</summary>
    public int[]? Find(OperationKind kind, int pipe, int stage) => _chains.GetValueOrDefault(new Operation(kind, pipe, stage, Microbatch: 0));

    /// <summary>The same orders with the microbatches of every chain exchanged until each chain is in turn.</summary>
    public int[][] InTurn(IEnumerable<IEnumerable<int>> orders) => InTurn(orders.Select(order => order.Select(operation => _graph.Operations[operation])));

    /// <summary>Whether every chain is in turn in some orders.</summary>
    public bool AreInTurn(IReadOnlyList<IReadOnlyList<int>> orders) => InTurn(orders).Zip(orders).All(lane => lane.First.SequenceEqual(lane.Second));

    /// <summary>Orders of operations of another graph's microbatches as those of this graph, each chain in turn.</summary>
    /// <exception cref="KeyNotFoundException">An operation is of a kind that this graph does not have there.</exception>
    public int[][] InTurn(IEnumerable<IEnumerable<Operation>> orders)
    {
        var taken = new Dictionary<Operation, int>();
        return [.. orders.Select(order => order.Select(Next).ToArray())];

        int Next(Operation operation)
        {
            var chain = _chainOf(operation);
            var turn = taken.GetValueOrDefault(chain);
            taken[chain] = turn + 1;
            return _chains[chain][turn];
        }
    }
}
