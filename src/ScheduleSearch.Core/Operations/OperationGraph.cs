using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Operations;

/// <summary>
/// The operations of one iteration: durations, lanes, dependencies with lags, and what each does to its device's memory when it starts and
/// when it ends. Search, replay and export read this one model. Operations are numbered from 0,
/// each behind everything that it waits for; an operation on no lane (a barrier over
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
    private readonly long[] _acquired;
    private readonly long[] _released;
    private readonly long[] _heads;
    private readonly long[] _tails;
    private readonly Adjacency _dependencies;
    private readonly Adjacency _dependents;

    internal OperationGraph(Problem problem, OperationGraphBuilder builder)
    {
        Problem = problem;
        _operations = [.. builder.Operations];
        _indices = builder.Indices;
        _durations = [.. builder.Durations];
        _lanes = [.. builder.OperationLanes];
        _acquired = [.. builder.Acquired];
        _released = [.. builder.Released];
        _heads = [.. builder.Heads];
        _tails = [.. builder.Tails];
        Lanes = [.. builder.Lanes];
        _dependencies = new Adjacency(_operations.Length, builder.Edges, edge => edge.To, edge => edge.From);
        _dependents = new Adjacency(_operations.Length, builder.Edges, edge => edge.From, edge => edge.To);
    }

    /// <summary>The problem whose operations these are.</summary>
    public Problem Problem { get; }

    /// <summary>The number of operations.</summary>
    public int Count => _operations.Length;

    /// <summary>The operations by index.</summary>
    public ReadOnlySpan<Operation> Operations => _operations;

    /// <summary>The lanes by index: the compute lane of device d is lane d.</summary>
    public IReadOnlyList<Lane> Lanes { get; }

    /// <summary>Ticks that each operation takes.</summary>
    public ReadOnlySpan<long> Durations => _durations;

    /// <summary>The lane of each operation, or <see cref="NoLane"/>.</summary>
    public ReadOnlySpan<int> LaneOf => _lanes;

    /// <summary>The device of an operation that is on a lane.</summary>
    public int DeviceOf(int operation) => Lanes[_lanes[operation]].Device;

    /// <summary>Memory units that each operation takes on its lane's device when it starts.</summary>
    public ReadOnlySpan<long> Acquired => _acquired;

    /// <summary>Memory units that each operation frees on its lane's device when it ends.</summary>
    public ReadOnlySpan<long> Released => _released;

    /// <summary>Ticks that pass before each operation may start, beside those of what it depends on: 0 unless devices are left out.</summary>
    public ReadOnlySpan<long> Heads => _heads;

    /// <summary>Ticks that pass behind each operation's end, beside those of what depends on it: 0 unless devices are left out.</summary>
    public ReadOnlySpan<long> Tails => _tails;

    /// <summary>What an operation waits for.</summary>
    public ReadOnlySpan<Dependency> DependenciesOf(int operation) => _dependencies.Of(operation);

    /// <summary>What waits for an operation.</summary>
    public ReadOnlySpan<Dependency> DependentsOf(int operation) => _dependents.Of(operation);

    /// <summary>The index of an operation; -1 when the iteration has no such operation.</summary>
    public int IndexOf(Operation operation) => _indices.GetValueOrDefault(operation, -1);

    /// <summary>The graph of a problem whose backwards are split or fused as selected. Cost: linear in the operations.</summary>
    public static OperationGraph Build(Problem problem, OperationSelection selection)
    {
        var builder = new OperationGraphBuilder(problem.Devices);
        foreach (var rule in OperationRules.All) rule.Emit(problem, selection, builder);
        return new OperationGraph(problem, builder);
    }

    /// <summary>The graph that a search orders: backwards split where the problem allows it, else fused.</summary>
    public static OperationGraph Build(Problem problem) => Build(problem, OperationSelection.Finest(problem));

    /// <summary>Edges by operation, in one array.</summary>
    private sealed class Adjacency
    {
        private readonly int[] _first;
        private readonly Dependency[] _edges;

        public Adjacency(int count, IReadOnlyList<Edge> edges, Func<Edge, int> key, Func<Edge, int> neighbour)
        {
            _first = new int[count + 1];
            foreach (var edge in edges) _first[key(edge) + 1]++;
            for (var operation = 0; operation < count; operation++) _first[operation + 1] += _first[operation];
            _edges = new Dependency[edges.Count];
            var next = _first.AsSpan(0, count).ToArray();
            foreach (var edge in edges) _edges[next[key(edge)]++] = new Dependency(neighbour(edge), edge.Lag);
        }

        public ReadOnlySpan<Dependency> Of(int operation) => _edges.AsSpan(_first[operation].._first[operation + 1]);
    }
}

/// <summary>A dependency: <paramref name="To"/> starts at least <paramref name="Lag"/> ticks after <paramref name="From"/> ends.</summary>
internal readonly record struct Edge(int From, int To, long Lag);
