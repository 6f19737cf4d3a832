using System.Runtime.InteropServices;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Operations;

/// <summary>
/// The operations of one iteration: durations, lanes, dependencies with lags, and the memory that is held between them. Search, replay and export
/// read this one model. Operations are numbered from 0, each after everything that it waits for; an operation on no lane (a barrier over
/// several devices) happens as soon as everything that it depends on has ended.
/// </summary>
public sealed class OperationGraph
{
    /// <summary>The lane of an operation that occupies none.</summary>
    public const int NoLane = -1;

    private readonly Operation[] _operations;
    private readonly Dictionary<Operation, int> _indices;
    private readonly long[] _durations;
    private readonly int[] _lanes;
    private readonly Holding[] _holdings;
    private readonly long[] _acquired;
    private readonly long[] _released;
    private readonly long[] _heads;
    private readonly long[] _tails;
    private readonly DueDate[] _dueDates;
    private readonly Adjacency _dependencies;
    private readonly Adjacency _dependents;

    internal OperationGraph(Problem problem, OperationGraphBuilder builder)
    {
        (Problem, Selection) = (problem, builder.Selection);
        _operations = [.. builder.OperationList];
        _indices = builder.Indices;
        _durations = [.. builder.Durations];
        _lanes = [.. builder.OperationLanes];
        _holdings = [.. builder.Holdings];
        (_acquired, _released) = (new long[_operations.Length], new long[_operations.Length]);
        foreach (var (from, to, units) in _holdings)
        {
            _acquired[from] += units;
            _released[to] += units;
        }

        _heads = [.. builder.Heads];
        _tails = [.. builder.Tails];
        _dueDates = [.. builder.DueDates];
        Lanes = [.. builder.Lanes];
        var edges = CollectionsMarshal.AsSpan(builder.Edges);
        _dependencies = new Adjacency(_operations.Length, edges, edge => edge.To, edge => edge.From);
        _dependents = new Adjacency(_operations.Length, edges, edge => edge.From, edge => edge.To);
    }

    /// <summary>The problem whose operations these are.</summary>
    public Problem Problem { get; }

    /// <summary>Which of the alternative operations these are.</summary>
    public OperationSelection Selection { get; }

    /// <summary>
    /// The graph that has the operations on no lane too, when they have become lags here: see
    /// <see cref="BuildOnLanes(Problem, OperationSelection)"/>.
    /// </summary>
    public OperationGraph? Whole { get; init; }

    /// <summary>The number of operations.</summary>
    public int Count => _operations.Length;

    /// <summary>The operations by index.</summary>
    public ReadOnlySpan<Operation> Operations => _operations;

    /// <summary>The lanes by index: the compute lane of device d is lane d.</summary>
    public IReadOnlyList<Lane> Lanes { get; }

    /// <summary>The lanes of a device, its compute lane first.</summary>
    public IEnumerable<int> LanesOf(int device) => Enumerable.Range(0, Lanes.Count).Where(lane => Lanes[lane].Device == device);

    /// <summary>Whether a lane is its device's compute lane: only these make its busy time, its span and its memory.</summary>
    public bool IsCompute(int lane) => lane < Problem.Devices;

    /// <summary>Ticks that each operation takes.</summary>
    public ReadOnlySpan<long> Durations => _durations;

    /// <summary>The lane of each operation, or <see cref="NoLane"/>.</summary>
    public ReadOnlySpan<int> LaneOf => _lanes;

    /// <summary>The device of an operation that is on a lane.</summary>
    public int DeviceOf(int operation) => Lanes[_lanes[operation]].Device;

    /// <summary>The memory that is held from one operation to another; only operations on compute lanes hold any.</summary>
    public ReadOnlySpan<Holding> Holdings => _holdings;

    /// <summary>Memory units that each operation takes on its lane's device when it starts.</summary>
    public ReadOnlySpan<long> Acquired => _acquired;

    /// <summary>Memory units that each operation frees on its lane's device when it ends.</summary>
    public ReadOnlySpan<long> Released => _released;

    /// <summary>Ticks that pass before each operation may start, beside those of what it depends on: 0 unless devices are left out.</summary>
    public ReadOnlySpan<long> Heads => _heads;

    /// <summary>Ticks that pass after each operation's end, beside those of what depends on it: 0 unless devices are left out.</summary>
    public ReadOnlySpan<long> Tails => _tails;

    /// <summary>The operations that have to be done in time.</summary>
    public ReadOnlySpan<DueDate> DueDates => _dueDates;

    /// <summary>What an operation waits for.</summary>
    public ReadOnlySpan<Dependency> DependenciesOf(int operation) => _dependencies.Of(operation);

    /// <summary>What waits for an operation.</summary>
    public ReadOnlySpan<Dependency> DependentsOf(int operation) => _dependents.Of(operation);

    /// <summary>The index of an operation; -1 when the iteration has no such operation.</summary>
    public int IndexOf(Operation operation) => _indices.GetValueOrDefault(operation, -1);

    /// <summary>The operations of an order, those that have to be done in time before all others, in the turn in which they keep their deadlines.</summary>
    public IEnumerable<int> WithDueFirst(IEnumerable<int> order)
    {
        var starts = _dueDates.ToDictionary(date => date.Operation, date => date.Start);
        return order.OrderBy(operation => starts.GetValueOrDefault(operation, long.MaxValue));
    }

    /// <summary>The graph of a problem whose backwards are split or fused as selected. Cost: linear in the operations.</summary>
    public static OperationGraph Build(Problem problem, OperationSelection selection)
    {
        var builder = new OperationGraphBuilder(problem, selection);
        new StageRule(builder).Emit();
        return new OperationGraph(problem, builder);
    }

    /// <summary>The graph of a problem whose operations take as long as they were measured to. Cost: linear in the operations.</summary>
    /// <param name="problem">The problem, whose pairs have no time of their own.</param>
    /// <param name="selection">Which of the alternative operations there are.</param>
    /// <param name="durationOf">Ticks that an operation takes, 0 or more.</param>
    public static OperationGraph Build(Problem problem, OperationSelection selection, Func<Operation, long> durationOf)
    {
        var builder = new OperationGraphBuilder(problem, selection) { Recast = (operation, _) => (operation, durationOf(operation)) };
        new StageRule(builder).Emit();
        return new OperationGraph(problem, builder);
    }

    /// <summary>The same graph as a search orders it: operations on no lane have become lags. Cost: linear in the operations.</summary>
    public static OperationGraph BuildOnLanes(Problem problem, OperationSelection selection) => DeviceSelection.KeepLanes(Build(problem, selection));

    /// <summary>The graph that a search orders: backwards split where the problem allows it, else fused.</summary>
    public static OperationGraph Build(Problem problem) => Build(problem, OperationSelection.Finest(problem));
}
