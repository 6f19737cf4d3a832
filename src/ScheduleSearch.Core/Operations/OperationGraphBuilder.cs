using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Operations;

/// <summary>Collects the operations of an iteration. Rules of different features add to one builder and find each other's operations in it.</summary>
internal sealed class OperationGraphBuilder
{
    public OperationGraphBuilder(int devices)
    {
        for (var device = 0; device < devices; device++) Lanes.Add(new Lane(device, LaneKind.Compute));
    }

    public List<Lane> Lanes { get; } = [];

    public List<Operation> Operations { get; } = [];

    public Dictionary<Operation, int> Indices { get; } = [];

    public List<long> Durations { get; } = [];

    public List<int> OperationLanes { get; } = [];

    public List<long> Acquired { get; } = [];

    public List<long> Released { get; } = [];

    public List<long> Heads { get; } = [];

    public List<long> Tails { get; } = [];

    public List<Edge> Edges { get; } = [];

    /// <summary>Adds an operation.</summary>
    /// <param name="operation">The operation, which must be new.</param>
    /// <param name="lane">The lane that it occupies, or <see cref="OperationGraph.NoLane"/>.</param>
    /// <param name="duration">Ticks that it takes.</param>
    /// <param name="acquired">Memory units that it takes when it starts.</param>
    /// <param name="released">Memory units that it frees when it ends.</param>
    /// <returns>The index of the operation.</returns>
    public int Add(Operation operation, int lane, long duration, long acquired, long released)
    {
        var index = Operations.Count;
        Indices.Add(operation, index);
        Operations.Add(operation);
        OperationLanes.Add(lane);
        Durations.Add(duration);
        Acquired.Add(acquired);
        Released.Add(released);
        Heads.Add(0);
        Tails.Add(0);
        return index;
    }

    /// <summary>Lets one operation wait until a lag after the end of another, which was added before it.</summary>
    public void Depend(int operation, int on, long lag = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(on, operation);
        Edges.Add(new Edge(on, operation, lag));
    }

    /// <summary>Numbers the operations anew, each behind all that it waits for, when edges were added that do not keep to that.</summary>
    /// <exception cref="ArgumentException">Operations wait for each other in a circle.</exception>
    public void Sort()
    {
        var waiting = new int[Operations.Count];
        foreach (var edge in Edges) waiting[edge.To]++;
        var dependents = Edges.ToLookup(edge => edge.From, edge => edge.To);
        var ready = new PriorityQueue<int, int>(Enumerable.Range(0, waiting.Length).Where(operation => waiting[operation] == 0).Select(operation => (operation, operation)));
        var order = new List<int>(waiting.Length);
        while (ready.TryDequeue(out var operation, out _))
        {
            order.Add(operation);
            foreach (var dependent in dependents[operation])
            {
                if (--waiting[dependent] == 0) ready.Enqueue(dependent, dependent);
            }
        }

        if (order.Count < waiting.Length)
            throw new ArgumentException($"The overlapped pairs wait for each other in a circle, the {Operations[Array.FindIndex(waiting, left => left > 0)]} among them.");
        Renumber(order);
    }

    private void Renumber(List<int> order)
    {
        var numbers = new int[order.Count];
        for (var place = 0; place < numbers.Length; place++) numbers[order[place]] = place;
        Reorder(Operations, order);
        Reorder(Durations, order);
        Reorder(OperationLanes, order);
        Reorder(Acquired, order);
        Reorder(Released, order);
        for (var edge = 0; edge < Edges.Count; edge++) Edges[edge] = Edges[edge] with { From = numbers[Edges[edge].From], To = numbers[Edges[edge].To] };
        for (var place = 0; place < numbers.Length; place++) Indices[Operations[place]] = place;
    }

    private static void Reorder<T>(List<T> values, List<int> order)
    {
        var before = values.ToArray();
        for (var place = 0; place < before.Length; place++) values[place] = before[order[place]];
    }
}

/// <summary>Emits the operations, dependencies and memory effects of one feature.</summary>
internal interface IOperationRule
{
    void Emit(Problem problem, OperationSelection selection, OperationGraphBuilder builder);
}

/// <summary>Every rule there is, in the order in which they emit: a new feature is a new file and a line here.</summary>
internal static class OperationRules
{
    public static IReadOnlyList<IOperationRule> All { get; } = [new ForwardBackwardRule(), new OverlapRule()];
}
