using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Tests.Shared;

/// <summary>
/// The optimum of a small problem by trying every order: lane by lane, operation by operation, microbatches in turn within a stage
/// and kind unless any turn is to be tried, cut where the orders fixed so far already cost as much as the best. It shares neither replay nor bounds with the product.
/// </summary>
internal sealed class ExhaustiveSearch
{
    private const long Unreachable = long.MinValue / 4;

    private readonly OperationGraph _graph;
    private readonly bool _ofSpan;
    private readonly long _limitOfNodes;
    private readonly bool _inTurn;
    private readonly List<int>[] _orders;
    private readonly bool[] _placed;
    private readonly bool[][] _reaches;
    private readonly long[] _tails;
    private readonly long _work;
    private int[][] _best = [];
    private long _nodes;

    private ExhaustiveSearch(Problem problem, OperationSelection selection, long limitOfNodes, bool inTurn)
    {
        _inTurn = inTurn;
        _graph = OperationGraph.BuildOnLanes(problem, selection);
        _ofSpan = problem.Objective == Objective.Span;
        _limitOfNodes = limitOfNodes;
        _orders = [.. _graph.Lanes.Select(_ => new List<int>())];
        _placed = new bool[_graph.Count];
        _reaches = Reaches();
        _tails = new long[_graph.Count];
        Array.Fill(_tails, -1);
        for (var operation = 0; operation < _graph.Count; operation++) TailOf(operation);
        _work = Enumerable.Range(0, problem.Devices).Max(device => OperationsOn(device).Sum(operation => _graph.Durations[operation]));
    }

    public long Optimum { get; private set; } = long.MaxValue;

    public IReadOnlyList<IReadOnlyList<int>> Orders => _best;

    /// <summary>The operations that <see cref="Orders"/> orders.</summary>
    public OperationGraph Graph => _graph;

    /// <summary>The optimum over all shares of the pipes; null when one takes more than a number of nodes to find.</summary>
    public static ExhaustiveSearch? Solve(Problem problem, long limitOfNodes = 300_000, bool inTurn = true)
    {
        ExhaustiveSearch? best = null;
        foreach (var share in problem.Placement.Pipes == 1 ? [problem.Microbatches] : Enumerable.Range(0, problem.Microbatches + 1))
        {
            if (Solve(problem, OperationSelection.Finest(problem, share), limitOfNodes, inTurn) is not { } search) return null;
            if (best is null || search.Optimum < best.Optimum) best = search;
        }

        return best;
    }

    /// <summary>The optimum of the operations of a selection; null when it takes more than a number of nodes to find.</summary>
    public static ExhaustiveSearch? Solve(Problem problem, OperationSelection selection, long limitOfNodes, bool inTurn = true)
    {
        var search = new ExhaustiveSearch(problem, selection, limitOfNodes, inTurn);
        search.Extend(0);
        return search._nodes >= limitOfNodes ? null : search;
    }

    private void Extend(int lane)
    {
        if (Optimum == _work || ++_nodes >= _limitOfNodes) return;
        while (lane < _orders.Length && _orders[lane].Count == OperationsOn(lane).Count()) lane++;
        if (Cost() is not { } cost || cost >= Optimum) return;
        if (lane == _orders.Length)
        {
            (Optimum, _best) = (cost, [.. _orders.Select(order => order.ToArray())]);
            return;
        }

        var starts = Longest([]);
        foreach (var next in Candidates(lane).OrderBy(operation => starts![operation]).ToList())
        {
            _orders[lane].Add(next);
            _placed[next] = true;
            Extend(lane);
            _placed[next] = false;
            _orders[lane].RemoveAt(_orders[lane].Count - 1);
        }
    }

    private IEnumerable<int> OperationsOn(int lane) => Enumerable.Range(0, _graph.Count).Where(operation => _graph.LaneOf[operation] == lane);

    private IEnumerable<int> Candidates(int lane)
    {
        var held = _orders[lane].Sum(operation => _graph.Acquired[operation] - _graph.Released[operation]);
        var room = _graph.IsCompute(lane) ? _graph.Problem.LimitOf(lane) - held : 0;
        var left = OperationsOn(lane).Where(operation => !_placed[operation]).ToList();
        return left.Where(operation => _graph.Acquired[operation] <= room && !left.Exists(other => _reaches[other][operation] || _inTurn && Earlier(other, operation)));
    }

    /// <summary>Whether one operation has its turn before the other: the same, for an earlier microbatch.</summary>
    private bool Earlier(int operation, int other)
    {
        var (first, second) = (_graph.Operations[operation], _graph.Operations[other]);
        return first.Microbatch < second.Microbatch && first with { Microbatch = second.Microbatch } == second;
    }

    /// <summary>What the orders fixed so far cost at least (exactly, when all are); null when they wait for each other.</summary>
    private long? Cost()
    {
        if (Longest([]) is not { } starts) return null;
        foreach (var (operation, end, _) in _graph.DueDates)
        {
            if (starts[operation] + _graph.Durations[operation] > end) return null;
        }

        var cost = 0L;
        for (var lane = 0; lane < _orders.Length; lane++)
        {
            var left = OperationsOn(lane).Where(operation => !_placed[operation]).ToList();
            // Only devices have a span.
            if (left.Count == 0 || (_ofSpan && !_graph.IsCompute(lane))) continue;
            var begin = left.Min(operation => starts[operation]);
            var work = left.Sum(operation => _graph.Durations[operation]);
            cost = Math.Max(cost, _ofSpan ? work : begin + work + left.Min(operation => _tails[operation]));
        }

        return Math.Max(cost, _ofSpan ? LargestMean() : starts.Select((start, operation) => start + _graph.Durations[operation] + _tails[operation]).Max());
    }

    /// <summary>
    /// The largest mean over circles of devices of the longest path from the first operation of each to the end of the next, rounded up:
    /// summed over a circle, the delays between the devices cancel out.
    /// </summary>
    private long LargestMean()
    {
        var weights = new long[_graph.Problem.Devices][];
        for (var from = 0; from < weights.Length; from++)
        {
            weights[from] = new long[weights.Length];
            Array.Fill(weights[from], Unreachable);
            if (_orders[from].Count == 0 || Longest([_orders[from][0]]) is not { } starts) continue;
            for (var to = 0; to < weights.Length; to++)
            {
                if (_orders[to].Count == 0) continue;
                var last = _orders[to][^1];
                weights[from][to] = starts[last] + _graph.Durations[last] + OperationsOn(to).Where(operation => !_placed[operation]).Sum(operation => _graph.Durations[operation]);
            }
        }

        return Enumerable.Range(0, weights.Length).Max(begin => Circle(weights, begin, begin, 0, 0, 0));
    }

    private static long Circle(long[][] weights, int begin, int at, int visited, long sum, int length)
    {
        var largest = 0L;
        for (var next = begin; next < weights.Length; next++)
        {
            if (weights[at][next] < 0 || (visited >> next & 1) == 1) continue;
            var total = sum + weights[at][next];
            largest = Math.Max(largest, next == begin ? (total + length) / (length + 1) : Circle(weights, begin, next, visited | 1 << next, total, length + 1));
        }

        return largest;
    }

    /// <summary>Longest paths to the start of each operation: from anywhere, or from the given operations only; null when there is a circle.</summary>
    private long[]? Longest(int[] from)
    {
        var before = new List<(int Operation, long Lag)>[_graph.Count];
        for (var operation = 0; operation < before.Length; operation++)
            before[operation] = [.. _graph.DependenciesOf(operation).ToArray().Select(dependency => (dependency.Operation, dependency.Lag))];
        for (var lane = 0; lane < _orders.Length; lane++)
        {
            var order = _orders[lane];
            for (var position = 1; position < order.Count; position++) before[order[position]].Add((order[position - 1], 0));
            if (order.Count == 0) continue;
            foreach (var operation in OperationsOn(lane).Where(operation => !_placed[operation])) before[operation].Add((order[^1], 0));
        }

        var starts = new long[before.Length];
        var state = new int[before.Length];
        for (var operation = 0; operation < before.Length; operation++)
        {
            if (!Visit(operation)) return null;
        }

        return starts;

        bool Visit(int operation)
        {
            if (state[operation] != 0) return state[operation] == 2;
            state[operation] = 1;
            var start = from.Length == 0 || from.Contains(operation) ? 0 : Unreachable;
            foreach (var (earlier, lag) in before[operation])
            {
                if (!Visit(earlier)) return false;
                if (starts[earlier] >= 0) start = Math.Max(start, starts[earlier] + _graph.Durations[earlier] + lag);
            }

            (starts[operation], state[operation]) = (start, 2);
            return true;
        }
    }

    private long TailOf(int operation)
    {
        if (_tails[operation] >= 0) return _tails[operation];
        var tail = 0L;
        foreach (var (dependent, lag) in _graph.DependentsOf(operation)) tail = Math.Max(tail, lag + _graph.Durations[dependent] + TailOf(dependent));
        return _tails[operation] = tail;
    }

    private bool[][] Reaches()
    {
        var reaches = Enumerable.Range(0, _graph.Count).Select(_ => new bool[_graph.Count]).ToArray();
        for (var from = 0; from < reaches.Length; from++) Mark(from, from);
        return reaches;

        void Mark(int from, int at)
        {
            foreach (var (dependent, _) in _graph.DependentsOf(at))
            {
                if (reaches[from][dependent]) continue;
                reaches[from][dependent] = true;
                Mark(from, dependent);
            }
        }
    }
}
