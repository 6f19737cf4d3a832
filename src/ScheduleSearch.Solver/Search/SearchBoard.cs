using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Processes;

namespace ScheduleSearch.Solver.Search;

/// <summary>
/// Where search methods that run side by side meet: the best verified schedule and the best proved bound so far. Every offer is replayed
/// and verified before it counts. Safe for any number of threads.
/// </summary>
public sealed class SearchBoard : IDisposable
{
    private readonly Lock _lock = new();
    private readonly double _targetGap;
    private readonly Action<Solution> _improved;
    private readonly CancellationTokenSource _done = new();
    private readonly Lazy<SearchGraph> _flat;
    private readonly Lazy<Dictionary<Operation, int[]>> _chains;
    private volatile Solution _best;

    /// <summary>Starts from a solution.</summary>
    /// <param name="start">The best solution so far.</param>
    /// <param name="targetGap">The gap at which the search is done.</param>
    /// <param name="improved">Called under the board's lock with each better schedule or bound.</param>
    public SearchBoard(Solution start, double targetGap, Action<Solution> improved)
    {
        (_best, _targetGap, _improved) = (start, targetGap, improved);
        Graph = OperationGraph.Build(start.Problem, OperationSelection.Finest(start.Problem, FirstPipe(start)));
        _chains = new Lazy<Dictionary<Operation, int[]>>(Chains);
        _flat = new Lazy<SearchGraph>(() => SearchGraph.Of(Graph));
        StopIfDone();
    }

    /// <summary>The problem that is searched.</summary>
    public Problem Problem => _best.Problem;

    /// <summary>The operations that methods order: backwards split where the problem allows it, else fused.</summary>
    public OperationGraph Graph { get; }

    /// <summary><see cref="Graph"/> in flat arrays, made once for all methods and threads.</summary>
    internal SearchGraph Flat => _flat.Value;

    /// <summary>The best solution so far.</summary>
    public Solution Best => _best;

    /// <summary>Canceled as soon as the target gap is reached.</summary>
    public CancellationToken Done => _done.Token;

    /// <summary>Whether the target gap is reached.</summary>
    public bool IsDone => _done.IsCancellationRequested;

    /// <summary>Offers an order of <see cref="Graph"/>'s operations, one list a lane. Keeps it when it is better than the best.</summary>
    /// <returns>Whether it was better.</returns>
    /// <exception cref="ContradictionException">The order is invalid, or better than a proved bound.</exception>
    public bool Offer(IReadOnlyList<IReadOnlyList<int>> orders, string method)
    {
        var solution = Solution.Verified(new Schedule(Graph, orders), method, _best.Bound);
        lock (_lock)
        {
            if (solution.Objective >= _best.Objective) return false;
            Keep(solution.WithBound(_best.Bound));
            return true;
        }
    }

    /// <summary>Offers a proved bound. Keeps it when it is larger than the best.</summary>
    /// <exception cref="ContradictionException">The bound is above the best schedule's objective.</exception>
    public void Offer(ProvedBound bound)
    {
        lock (_lock)
        {
            if (bound.Ticks > _best.Bound.Ticks) Keep(_best.WithBound(bound));
        }
    }

    /// <summary>Offers what another process found; its schedule and its bound count each for itself.</summary>
    /// <exception cref="ContradictionException">The order is invalid, or the schedule and a bound exclude each other.</exception>
    internal void Offer(FoundMessage found)
    {
        if (found.Objective < _best.Objective) Offer(found.Orders, found.Method);
        Offer(new ProvedBound(found.Bound, found.BoundName));
    }

    /// <summary>
    /// A solution's orders by operation index of <see cref="Graph"/>, in which backwards may be split that the solution has fused, and with
    /// the microbatches of each stage and kind in turn: they cost the same, so exchanging two that are not makes nothing later.
    /// </summary>
    internal int[][] OrdersOf(Solution solution)
    {
        var schedule = solution.Timeline.Schedule;
        return [.. Enumerable.Range(0, Graph.Lanes.Count).Select(lane => InTurn(schedule.OperationsOn(lane).SelectMany(Finest)))];
    }

    private static int FirstPipe(Solution solution) => Enumerable.Range(0, solution.Problem.Devices)
        .SelectMany(solution.Timeline.Schedule.OperationsOn)
        .Count(operation => operation is { Pipe: 0, Stage: 0, Slice: 0, IsForward: true });

    private IEnumerable<Operation> Finest(Operation operation) =>
        operation.Kind == OperationKind.OverlappedForward ? [operation with { Kind = OperationKind.Forward }]
        : !operation.IsWholeBackward ? [operation]
        : Problem.SplitBackward ? [operation with { Kind = OperationKind.BackwardInput }, operation with { Kind = OperationKind.BackwardWeight }]
        : [operation with { Kind = OperationKind.Backward }];

    private int[] InTurn(IEnumerable<Operation> operations)
    {
        var next = new Dictionary<Operation, int>();
        return [.. operations.Select(operation =>
        {
            var turn = next.GetValueOrDefault(operation.Chain);
            next[operation.Chain] = turn + 1;
            return _chains.Value[operation.Chain][turn];
        })];
    }

    private Dictionary<Operation, int[]> Chains() => Enumerable.Range(0, Graph.Count)
        .GroupBy(index => Graph.Operations[index].Chain)
        .ToDictionary(chain => chain.Key, chain => chain.OrderBy(index => Graph.Operations[index].Turn).ToArray());

    /// <inheritdoc/>
    public void Dispose() => _done.Dispose();

    private void Keep(Solution solution)
    {
        _best = solution;
        _improved(solution);
        StopIfDone();
    }

    private void StopIfDone()
    {
        if (_best.IsOptimal || _best.Gap <= _targetGap) _done.Cancel();
    }
}
