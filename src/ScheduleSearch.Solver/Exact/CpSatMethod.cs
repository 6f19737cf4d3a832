using Google.OrTools.Sat;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Solver.Exact;

/// <summary>
/// The whole problem as one CP-SAT model, hinted with the best schedule so far: it improves the schedule and the bound until they meet.
/// </summary>
/// <remarks>
/// Whatever the operations are, the model holds all that a schedule has to keep: their lanes, what they wait for, and each holding as a stretch
/// of time. Its one addition is the order of each chain, which loses nothing; see <see cref="OperationChains"/>.
/// </remarks>
public sealed class CpSatMethod : ISearchMethod
{
    /// <summary>With many more operations the solver improves little in minutes and may go on for seconds after it is stopped.</summary>
    private const int MostOperations = 800;

    /// <inheritdoc/>
    public string Name => "cp-sat";

    /// <inheritdoc/>
    public SearchAim Aim => SearchAim.Optimum;

    /// <inheritdoc/>
    public FeatureSet Covers { get; } = GraphCoverage.CoveredOnLanes;

    /// <inheritdoc/>
    public bool Suits(Problem problem) => IsSmall(problem);

    /// <summary>Whether a model ends in time: it has few operations. Each stage has a forward and a backward on each microbatch at the least.</summary>
    internal static bool IsSmall(Problem problem) =>
        2L * problem.Stages * problem.Microbatches <= MostOperations && OperationGraph.Build(problem).Count <= MostOperations;

    /// <inheritdoc/>
    public void Run(SearchBoard board, SearchBudget budget, CancellationToken cancellation)
    {
        if (board.IsDone) return;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, board.Done);
        var best = board.Best;
        var chains = OperationChains.OfEachSlice(board.Graph);
        var grid = TimeGrid.For(board.Graph, ScheduleModel.LongestTicks(board.Graph, best.Objective));
        var most = grid.MostSteps(best.Objective);
        var model = new ScheduleModel(board.Graph, chains, grid, grid.LeastSteps(best.Bound.Ticks), most);
        model.Hint(chains.InTurn(new FinestOrders(board.Graph).AsTheyAre(best.Timeline.Schedule)), most);
        using (var run = new CpSatRun(model, board, Name))
        {
            var status = run.Solve(budget, bound => new ProvedBound(grid.BoundOf(bound), Name), stop.Token);
            if (status == CpSolverStatus.Infeasible)
                throw new ContradictionException($"{Name} proves that there is no schedule; {best.Method} has one of {best.Objective} ticks.");
            if (status != CpSolverStatus.Optimal) return;
            budget = budget with { Work = budget.Work - run.Work };
        }

        if (LeastBetweenSteps(board, board.Graph, chains, grid, ref budget, Name, stop.Token) is { } bound) board.Offer(new ProvedBound(bound, Name));
    }

    /// <summary>Looks for better spans between the steps of a grid; when there is none on any finer grid, there is none.</summary>
    /// <returns>Ticks below which no span of a graph's orders is, the best found meanwhile included; null when the
    /// budget ended first or there is no finer grid.</returns>
    internal static long? LeastBetweenSteps(
        SearchBoard board, OperationGraph graph, OperationChains chains, TimeGrid grid, ref SearchBudget budget, string name, CancellationToken cancellation)
    {
        var grids = grid.Refined(ScheduleModel.LongestTicks(graph, board.Best.Objective));
        var bound = long.MaxValue;
        foreach (var finer in grids)
        {
            var best = board.Best;
            bound = Math.Min(bound, best.Objective);
            var (least, most) = (finer.LeastSteps(best.Bound.Ticks), finer.StepsBelow(best.Objective));
            if (least > most || !ScheduleModel.HoldsWays(graph, finer, most)) continue;
            if (budget.Work <= 0) return null;
            using var run = new CpSatRun(new ScheduleModel(graph, chains, finer, least, most), board, name);
            var status = run.Solve(budget, _ => null, cancellation);
            if (status == CpSolverStatus.Optimal) bound = Math.Min(bound, finer.TicksOf(run.Objective));
            else if (status != CpSolverStatus.Infeasible) return null;
            budget = budget with { Work = budget.Work - run.Work };
        }

        return grids.Count > 0 ? bound : null;
    }
}
