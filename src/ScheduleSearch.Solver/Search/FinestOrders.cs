using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Solver.Search;

/// <summary>
/// The orders of schedules by operation index of one finest graph: backwards split where the problem allows it, nothing overlapped, and the
/// microbatches of the first pipe those of the lowest numbers. A schedule's microbatches must share the pipes as the graph's do.
/// </summary>
internal sealed class FinestOrders(OperationGraph graph)
{
    private readonly Lazy<OperationChains> _chains = new(() => new OperationChains(graph));

    /// <summary>
    /// The same orders with the microbatches of each stage and kind in turn: whole ones cost the same, so exchanging two that are not makes
    /// nothing later. But slices are not all equal, and microbatches need not be: theirs may then hold more than memory does, or take longer.
    /// </summary>
    public int[][] InTurn(Schedule schedule) =>
        _chains.Value.InTurn(Enumerable.Range(0, graph.Lanes.Count).Select(lane => schedule.OperationsOn(lane).SelectMany(Finest)));

    /// <summary>As <see cref="InTurn"/>; where that holds more than memory does, or misses a deadline, one microbatch after the other.</summary>
    public int[][] InTurnIfValid(Schedule schedule) =>
        InTurn(schedule) is var orders && new Schedule(graph, orders) is var inTurn && inTurn.FitsMemory() && inTurn.KeepsDeadlines()
            ? orders
            : [.. orders.Select(order => graph.WithDueFirst(order.Order()).ToArray())];

    /// <summary>The same orders with microbatches that have other numbers, and nothing exchanged.</summary>
    public int[][] AsTheyAre(Schedule schedule)
    {
        var numbers = Numbers(schedule);
        return [.. Enumerable.Range(0, graph.Lanes.Count).Select(lane => schedule.OperationsOn(lane)
            .SelectMany(Finest)
            .Select(operation => graph.IndexOf(operation.Facts.IsOfMicrobatch ? operation with { Microbatch = numbers[operation.Microbatch] } : operation))
            .ToArray())];
    }

    /// <summary>The forwards that overlap with the backward after them, as indices of the graph, numbered as by <see cref="AsTheyAre"/>.</summary>
    public int[] Pairs(Schedule schedule)
    {
        if (!graph.Problem.HasPairTimes) return [];
        var numbers = Numbers(schedule);
        return [.. schedule.Graph.Operations.ToArray()
            .Where(operation => operation.BeginsPair)
            .Select(operation => graph.IndexOf(operation with { Kind = OperationKind.Forward, Microbatch = numbers[operation.Microbatch] }))];
    }

    /// <summary>The schedule of orders of the graph in which some forwards overlap with the whole backward after them.</summary>
    /// <exception cref="ArgumentException">There is no whole backward after a forward that is to overlap, or pairs wait for each other.</exception>
    public Schedule Paired(IReadOnlyList<IReadOnlyList<int>> orders, IReadOnlyCollection<int> pairs)
    {
        if (pairs.Count == 0) return new Schedule(graph, orders);
        var forwards = pairs.ToHashSet();
        return Schedule.Of(
            graph.Problem,
            [
                .. Enumerable.Range(0, graph.Problem.Devices)
                    .Select(device => graph.LanesOf(device).SelectMany(lane => Paired(orders[lane], forwards)).ToList()),
            ]);
    }

    private List<Operation> Paired(IReadOnlyList<int> order, HashSet<int> forwards)
    {
        var operations = new List<Operation>();
        for (var position = 0; position < order.Count; position++)
        {
            var operation = graph.Operations[order[position]];
            if (!forwards.Contains(order[position]))
            {
                operations.Add(operation);
                continue;
            }

            if (position + 1 == order.Count) throw new ArgumentException($"Nothing comes after the {operation} that it could overlap with.", nameof(order));
            var backward = graph.Operations[order[++position]];
            operations.Add(operation.InPair(PlaceInPair.First));
            operations.Add((backward with { Kind = OperationKind.Backward }).InPair(PlaceInPair.Second));
            // Split, the weight gradient of the pair stands after its input gradient.
            if (backward.Kind == OperationKind.BackwardInput) position++;
        }

        return operations;
    }

    private static int[] Numbers(Schedule schedule)
    {
        var numbers = new int[schedule.Problem.Microbatches];
        var firsts = schedule.Graph.Operations.ToArray()
            .Where(operation => operation is { Stage: 0, Slice: 0, IsForward: true })
            .OrderBy(operation => operation.Pipe).ThenBy(operation => operation.Microbatch);
        foreach (var (operation, number) in firsts.Select((operation, number) => (operation, number))) numbers[operation.Microbatch] = number;
        return numbers;
    }

    private IEnumerable<Operation> Finest(Operation operation) =>
        !operation.IsWholeBackward ? [operation.Alone]
        : graph.Problem.SplitBackward ? [operation with { Kind = OperationKind.BackwardInput }, operation with { Kind = OperationKind.BackwardWeight }]
        : [operation with { Kind = OperationKind.Backward }];
}
