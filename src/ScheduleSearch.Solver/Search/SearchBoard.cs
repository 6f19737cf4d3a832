using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Solver.Search;

/// <summary>
/// Where search methods that run side by side meet: the best verified schedule and the best proved bound so far. Every offer is replayed
/// and verified before it counts, with the losses of its last stage in turn where that costs nothing. Safe for any number of threads.
/// </summary>
public sealed class SearchBoard : IDisposable
{
    private readonly Lock _lock = new();
    private readonly double _targetGap;
    private readonly Action<Solution> _improved;
    private readonly CancellationTokenSource _done = new();
    private readonly Lazy<SearchGraph> _flat;
    private readonly FinestOrders _orders;
    private readonly List<int[][]> _starts = [];
    private volatile Solution _best;
    private volatile Solution _bestOfGraph;

    /// <summary>Starts from a solution.</summary>
    /// <param name="start">The best solution so far.</param>
    /// <param name="targetGap">The gap at which the search is done.</param>
    /// <param name="improved">Called under the board's lock with each better schedule or bound.</param>
    public SearchBoard(Solution start, double targetGap, Action<Solution> improved)
    {
        (_best, _targetGap, _improved) = (start, targetGap, improved);
        Selection = OperationSelection.Finest(start.Problem, start.Timeline.Graph.Selection.CountOn(0));
        Graph = OperationGraph.BuildOnLanes(start.Problem, Selection);
        _orders = new FinestOrders(Graph);
        _bestOfGraph = OfGraph(start);
        _flat = new Lazy<SearchGraph>(() => SearchGraph.Of(Graph));
        StopIfDone();
    }

    /// <summary>The problem that is searched.</summary>
    public Problem Problem => _best.Problem;

    /// <summary>What <see cref="Graph"/> is made of: as many microbatches in each pipe as in the start.</summary>
    public OperationSelection Selection { get; }

    /// <summary>The operations that methods order: backwards split where the problem allows it, else fused, nothing overlapped.</summary>
    public OperationGraph Graph { get; }

    /// <summary><see cref="Graph"/> in flat arrays, made once for all methods and threads.</summary>
    internal SearchGraph Flat => _flat.Value;

    /// <summary>The best solution so far, however it shares the microbatches among the pipes and whatever overlaps in it.</summary>
    public Solution Best => _best;

    /// <summary>
    /// The best solution so far that orders <see cref="Graph"/>'s operations: the best of all unless pipes can be shared otherwise or
    /// operations overlap.
    /// </summary>
    internal Solution BestOfGraph => _bestOfGraph;

    /// <summary>Canceled as soon as the target gap is reached.</summary>
    public CancellationToken Done => _done.Token;

    /// <summary>Whether the target gap is reached.</summary>
    public bool IsDone => _done.IsCancellationRequested;

    /// <summary>Offers an order of <see cref="Graph"/>'s operations, one list a lane. Keeps it when it is better than the best.</summary>
    /// <returns>Whether it was better; not where it misses a deadline, which is none of the search's moves to see.</returns>
    /// <exception cref="ContradictionException">The order is invalid, or better than a proved bound.</exception>
    public bool Offer(IReadOnlyList<IReadOnlyList<int>> orders, string method)
    {
        var schedule = new Schedule(Graph, orders);
        if (!schedule.KeepsDeadlines()) return false;
        var solution = Solution.Verified(LossesInTurn.Of(schedule), method, _best.Bound);
        lock (_lock)
        {
            if (solution.Objective >= _bestOfGraph.Objective) return false;
            _bestOfGraph = solution;
            return KeepIfBetter(solution);
        }
    }

    /// <summary>
    /// Offers a schedule of any of the problem's operations: another share of the pipes, pairs that overlap. Keeps it when it is better
    /// than the best.
    /// </summary>
    /// <returns>Whether it was better; not where it misses a deadline.</returns>
    /// <exception cref="ContradictionException">The schedule is invalid, or better than a proved bound.</exception>
    /// <exception cref="DeadlockException">The order cannot be carried out.</exception>
    public bool Offer(Schedule schedule, string method)
    {
        if (!schedule.KeepsDeadlines()) return false;
        var solution = Solution.Verified(LossesInTurn.Of(schedule), method, _best.Bound);
        lock (_lock) return KeepIfBetter(solution);
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

    /// <summary>A solution's orders by operation index of <see cref="Graph"/>, with the microbatches of each stage and kind in turn.</summary>
    internal int[][] OrdersOf(Solution solution) => OrdersOf(solution.Timeline.Schedule);

    /// <summary>The same of a schedule.</summary>
    internal int[][] OrdersOf(Schedule schedule) => _orders.InTurn(schedule);

    /// <summary>
    /// A solution of <see cref="Graph"/>'s operations: the same one where it is, else the same order without its pairs, else, where slices or unequal
    /// microbatches in turn do not fit memory or miss a deadline, one microbatch after the other.
    /// </summary>
    private Solution OfGraph(Solution solution)
    {
        var problem = solution.Problem;
        if (problem.SliceCount == 1 && !problem.HasPairTimes && !problem.HasUnequalMicrobatches) return solution;
        return Solution.Verified(new Schedule(Graph, _orders.InTurnIfValid(solution.Timeline.Schedule)), solution.Method, solution.Bound);
    }

    /// <summary>Orders that are worth going on from though the board has better ones; each in turn.</summary>
    internal IReadOnlyList<int[][]> Starts
    {
        get
        {
            lock (_lock) return [.. _starts];
        }
    }

    /// <summary>Adds an order that is worth going on from, however good it is.</summary>
    internal void AddStart(Schedule schedule)
    {
        var orders = OrdersOf(schedule);
        lock (_lock) _starts.Add(orders);
    }

    /// <inheritdoc/>
    public void Dispose() => _done.Dispose();

    private bool KeepIfBetter(Solution solution)
    {
        if (solution.Objective >= _best.Objective) return false;
        Keep(solution.WithBound(_best.Bound));
        return true;
    }

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
