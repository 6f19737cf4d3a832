using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Operations;

/// <summary>
/// Collects the operations of an iteration. The stages emit theirs through ports, which are asked when what they hand over is needed; a feature wraps
/// a port and adds its own operations at that moment, so that numbering stays topological and features compose.
/// </summary>
public sealed class OperationGraphBuilder
{
    private readonly Dictionary<Port, Func<Cell, Source>> _sources = [];

    internal OperationGraphBuilder(Problem problem, OperationSelection selection)
    {
        (Problem, Selection) = (problem, selection);
        // A forward and both halves of a backward; what features add makes the lists grow.
        var count = 3 * problem.Stages * problem.Microbatches * problem.SliceCount;
        (OperationList, Indices, Durations, OperationLanes) = (new(count), new(count), new(count), new(count));
        (Heads, Tails, Holdings, Edges) = (new(count), new(count), new(count), new(2 * count));
        for (var device = 0; device < problem.Devices; device++) Lanes.Add(new Lane(LaneKind.Compute, device));
    }

    /// <summary>The problem whose operations are collected.</summary>
    public Problem Problem { get; }

    /// <summary>Which of the alternative operations there are.</summary>
    public OperationSelection Selection { get; }

    /// <summary>The operations so far, by index.</summary>
    public IReadOnlyList<Operation> Operations => OperationList;

    /// <summary>
    /// What an operation becomes, and how many ticks it takes, when a feature has it carried out in another form; asked for every operation that is added.
    /// </summary>
    public Func<Operation, long, (Operation Operation, long Duration)>? Recast { get; set; }

    internal List<Operation> OperationList { get; }

    internal Dictionary<Operation, int> Indices { get; }

    internal List<Lane> Lanes { get; } = [];

    internal List<long> Durations { get; }

    internal List<int> OperationLanes { get; }

    internal List<Holding> Holdings { get; }

    internal List<Edge> Edges { get; }

    internal List<long> Heads { get; }

    internal List<long> Tails { get; }

    internal List<DueDate> DueDates { get; } = [];

    /// <summary>Adds a lane; its index.</summary>
    public int AddLane(Lane lane)
    {
        Lanes.Add(lane);
        return Lanes.Count - 1;
    }

    /// <summary>Says where what a port hands over comes from.</summary>
    public void Provide(Port port, Func<Cell, Source> source) => _sources[port] = source;

    /// <summary>
    /// Puts something between a port and what it came from before. It may add operations: it is asked when they are needed, once for each
    /// reader.
    /// </summary>
    public void Wrap(Port port, Func<Cell, Source, Source> wrapper)
    {
        var inner = _sources[port];
        _sources[port] = cell => wrapper(cell, inner(cell));
    }

    /// <summary>Where what a port hands over comes from.</summary>
    public Source SourceOf(Port port, Cell cell) => _sources[port](cell);

    /// <summary>As <see cref="SourceOf"/>; null where nobody provides the port.</summary>
    public Source? FindSource(Port port, Cell cell) => _sources.TryGetValue(port, out var source) ? source(cell) : null;

    /// <summary>The index of an operation; -1 when it has not been added.</summary>
    public int IndexOf(Operation operation) => Indices.GetValueOrDefault(operation, -1);

    /// <summary>Adds an operation.</summary>
    /// <param name="operation">The operation, which must be new.</param>
    /// <param name="lane">The lane that it occupies, or <see cref="OperationGraph.NoLane"/>.</param>
    /// <param name="duration">Ticks that it takes.</param>
    /// <returns>The index of the operation.</returns>
    public int Add(Operation operation, int lane, long duration)
    {
        if (Recast is not null) (operation, duration) = Recast(operation, duration);
        var index = OperationList.Count;
        Indices.Add(operation, index);
        OperationList.Add(operation);
        OperationLanes.Add(lane);
        Durations.Add(duration);
        Heads.Add(0);
        Tails.Add(0);
        return index;
    }

    /// <summary>Lets one operation wait until a lag after the end of another.</summary>
    /// <param name="operation">The operation that waits.</param>
    /// <param name="on">What it waits for: added before it, unless <see cref="Sort"/> follows.</param>
    /// <param name="lag">Ticks that must pass.</param>
    public void Depend(int operation, int on, long lag = 0) => Edges.Add(new Edge(on, operation, lag));

    /// <summary>Lets an operation wait for what a port hands over.</summary>
    public void Depend(int operation, Source source)
    {
        Depend(operation, source.Operation, source.Lag);
        foreach (var other in source.Others) Depend(operation, other);
    }

    /// <summary>Memory that is held from the start of one operation to the end of another on the same device; nothing when it is no memory.</summary>
    public void Hold(int from, int to, long units)
    {
        if (units > 0) Holdings.Add(new Holding(from, to, units));
    }

    /// <summary>An operation has to be done in time.</summary>
    public void Date(DueDate date) => DueDates.Add(date);

    /// <summary>What an operation waits for so far, by operation.</summary>
    public ILookup<int, Edge> Waits() => Edges.ToLookup(edge => edge.To);

    /// <summary>Numbers the operations anew, each after all that it waits for, when edges were added that do not keep to that.</summary>
    /// <exception cref="ArgumentException">Operations wait for each other in a circle.</exception>
    public void Sort()
    {
        var waiting = new int[OperationList.Count];
        foreach (var edge in Edges) waiting[edge.To]++;
        var dependents = Edges.ToLookup(edge => edge.From, edge => edge.To);
        var ready = new PriorityQueue<int, int>(
            Enumerable.Range(0, waiting.Length).Where(operation => waiting[operation] == 0).Select(operation => (operation, operation)));
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
            throw new ArgumentException(
                $"The overlapped pairs wait for each other in a circle, the {OperationList[Array.FindIndex(waiting, left => left > 0)]} among them.");
        Renumber(order);
    }

    private void Renumber(List<int> order)
    {
        var numbers = new int[order.Count];
        for (var place = 0; place < numbers.Length; place++) numbers[order[place]] = place;
        Reorder(OperationList, order);
        Reorder(Durations, order);
        Reorder(OperationLanes, order);
        for (var holding = 0; holding < Holdings.Count; holding++)
            Holdings[holding] = Holdings[holding] with { From = numbers[Holdings[holding].From], To = numbers[Holdings[holding].To] };
        for (var edge = 0; edge < Edges.Count; edge++) Edges[edge] = Edges[edge] with { From = numbers[Edges[edge].From], To = numbers[Edges[edge].To] };
        for (var date = 0; date < DueDates.Count; date++) DueDates[date] = DueDates[date] with { Operation = numbers[DueDates[date].Operation] };
        for (var place = 0; place < numbers.Length; place++) Indices[OperationList[place]] = place;
    }

    private static void Reorder<T>(List<T> values, List<int> order)
    {
        var before = values.ToArray();
        for (var place = 0; place < before.Length; place++) values[place] = before[order[place]];
    }
}
