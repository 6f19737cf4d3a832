using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Solver.Exact;

/// <summary>
/// The operations of each stage and kind in order of microbatch. Microbatches cost the same, so exchanging two of them in a chain changes
/// nothing, and a search loses nothing when it carries out every chain in this order.
/// </summary>
internal sealed class OperationChains
{
    private readonly Dictionary<(OperationKind Kind, int Pipe, int Stage), int[]> _chains;

    public OperationChains(OperationGraph graph)
    {
        _chains = Enumerable.Range(0, graph.Count)
            .GroupBy(operation => KeyOf(graph.Operations[operation]))
            .ToDictionary(chain => chain.Key, chain => chain.OrderBy(operation => graph.Operations[operation].Microbatch).ToArray());
    }

    /// <summary>Every chain, in order of microbatch.</summary>
    public IEnumerable<int[]> All => _chains.Values;

    /// <summary>The chain of a stage's operations of one kind; null when there is none.</summary>
    public int[]? Find(OperationKind kind, int pipe, int stage) => _chains.GetValueOrDefault((kind, pipe, stage));

    /// <summary>
    /// A schedule's orders in terms of another graph of the same problem, each chain in order of microbatch: where the graph splits a
    /// backward that the schedule fuses, its halves follow each other.
    /// </summary>
    public List<List<int>> OrdersOf(Core.Schedules.Schedule schedule)
    {
        var taken = _chains.Keys.ToDictionary(key => key, _ => 0);
        var orders = new List<List<int>>();
        for (var lane = 0; lane < schedule.Graph.Lanes.Count; lane++)
        {
            var order = new List<int>();
            foreach (var operation in schedule.OrderOf(lane))
            {
                var (kind, pipe, stage) = KeyOf(schedule.Graph.Operations[operation]);
                if (_chains.ContainsKey((kind, pipe, stage)))
                {
                    Take((kind, pipe, stage));
                    continue;
                }

                Take((OperationKind.BackwardInput, pipe, stage));
                Take((OperationKind.BackwardWeight, pipe, stage));
            }

            orders.Add(order);

            void Take((OperationKind, int, int) key) => order.Add(_chains[key][taken[key]++]);
        }

        return orders;
    }

    private static (OperationKind Kind, int Pipe, int Stage) KeyOf(Operation operation) => (operation.Kind, operation.Pipe, operation.Stage);
}
