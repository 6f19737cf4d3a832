using Google.OrTools.Sat;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Solver.Exact;

/// <summary>One run of CP-SAT on a model of a board's problem: what it finds goes to the board at once.</summary>
internal sealed class CpSatRun : CpSatSolve
{
    private readonly ScheduleModel _model;
    private readonly SearchBoard _board;
    private readonly string _name;
    private readonly OperationChains _turns;
    private Func<long, ProvedBound?> _proved = _ => null;

    public CpSatRun(ScheduleModel model, SearchBoard board, string name, string settings = "")
        : base(settings) => (_model, _board, _name, _turns) = (model, board, name, new OperationChains(model.Graph));

    /// <summary>The objective of the last solution, in steps.</summary>
    public long Objective => Solver.Value(_model.Objective);

    /// <summary>Solves the model. Its schedules, and what its bounds prove, go to the board at once.</summary>
    /// <exception cref="ContradictionException">CP-SAT contradicts a verified schedule or a proved bound.</exception>
    public CpSolverStatus Solve(SearchBudget budget, Func<long, ProvedBound?> proved, CancellationToken cancellation)
    {
        _proved = proved;
        var status = Solve(_model.Model, budget, cancellation);
        if (status is CpSolverStatus.Optimal or CpSolverStatus.Feasible)
        {
            OfferOrder(Solver.Value);
            OnBound(Solver.BestObjectiveBound);
        }

        return status;
    }

    protected override void OnSolution() => OfferOrder(start => SolutionIntegerValue(start.GetIndex()));

    protected override void OnBound(double steps)
    {
        if (double.IsFinite(steps) && _proved((long)Math.Ceiling(steps - 1e-6)) is { } bound) _board.Offer(bound);
    }

    private void OfferOrder(Func<IntVar, long> valueOf)
    {
        var graph = _model.Graph;
        var orders = graph.Lanes.Select(_ => new List<(long Start, bool Takes, int Operation)>()).ToList();
        for (var operation = 0; operation < graph.Count; operation++)
        {
            if (graph.LaneOf[operation] is >= 0 and var lane) orders[lane].Add((valueOf(_model.Starts[operation]), _model.TakesTime(operation), operation));
        }

        // At one time operations of no duration come first, in the order of the graph, which lets a microbatch finish before the next one starts.
        IReadOnlyList<IReadOnlyList<int>> sorted = [.. orders.Select(order => order.Order().Select(entry => entry.Operation).ToArray())];
        var schedule = new Schedule(graph, sorted);
        if (!schedule.FitsMemory()) return;
        // Other methods go on from orders of the board's graph, and take slices of one microbatch after those of the one before.
        if (graph == _board.Graph && _turns.AreInTurn(sorted)) _board.Offer(sorted, _name);
        else _board.Offer(schedule, _name);
    }
}
