using Google.OrTools.Sat;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.TwoPipes;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Exact;

/// <summary>
/// The whole problem of a two-pipe placement as one CP-SAT model for each share of the microbatches: whatever beats the best so far is found, and
/// when no share has anything left, the best is the optimum.
/// </summary>
/// <remarks>
/// Shares that the mirror image of another one stands for are left out; lopsided ones are refuted in a moment. Of one share the model says what
/// <see cref="CpSatMethod"/> says of one pipe: what runs down a pipe costs the same, so each chain of a pipe may be in order.
/// </remarks>
public sealed class CpSatShares : ISearchMethod
{
    /// <inheritdoc/>
    public string Name => "cp-sat";

    /// <inheritdoc/>
    public SearchAim Aim => SearchAim.Optimum;

    /// <inheritdoc/>
    public FeatureSet Covers { get; } = [TwoPipesFeature.Id, .. GraphCoverage.CoveredOnLanes];

    /// <inheritdoc/>
    public bool Suits(Problem problem) => problem.Placement.Pipes == 2 && CpSatMethod.IsSmall(problem);

    /// <inheritdoc/>
    public void Run(SearchBoard board, SearchBudget budget, CancellationToken cancellation)
    {
        if (board.IsDone) return;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, board.Done);
        var least = long.MaxValue;
        foreach (var share in PipeShares.All(board.Problem).OrderBy(share => share != board.Selection.CountOn(0)))
        {
            if (budget.Work <= 0 || stop.IsCancellationRequested || Solve(board, share, ref budget, stop.Token) is not { } bound) return;
            least = Math.Min(least, bound);
        }

        board.Offer(new ProvedBound(Math.Min(least, board.Best.Objective), Name));
    }

    /// <summary>Looks for a schedule of a share that is better than the best.</summary>
    /// <returns>Ticks below which no schedule of the share is; null when the budget ended first.</returns>
    private long? Solve(SearchBoard board, int share, ref SearchBudget budget, CancellationToken stop)
    {
        var best = board.Best;
        var selection = OperationSelection.Finest(board.Problem, share);
        var graph = selection.Equals(board.Selection) ? board.Graph : OperationGraph.BuildOnLanes(board.Problem, selection);
        var (chains, grid) = (OperationChains.OfEachSlice(graph), TimeGrid.For(graph, ScheduleModel.LongestTicks(graph, best.Objective)));
        var ofSpan = board.Problem.Objective == Objective.Span;
        var (least, most) = (grid.LeastSteps(best.Bound.Ticks), ofSpan ? grid.MostSteps(best.Objective) : grid.StepsBelow(best.Objective));
        if (least > most || !ScheduleModel.HoldsWays(graph, grid, most)) return best.Objective;
        var model = new ScheduleModel(graph, chains, grid, least, most);
        if (graph == board.Graph)
            model.Hint(chains.InTurn(new FinestOrders(graph).AsTheyAre(board.BestOfGraph.Timeline.Schedule)), grid.MostSteps(board.BestOfGraph.Objective));
        long bound;
        using (var run = new CpSatRun(model, board, Name))
        {
            var status = run.Solve(budget, _ => null, stop);
            budget = budget with { Work = budget.Work - run.Work };
            if (status is not (CpSolverStatus.Infeasible or CpSolverStatus.Optimal)) return null;
            bound = grid.BoundOf(status == CpSolverStatus.Optimal ? run.Objective : most + 1);
        }

        return CpSatMethod.LeastBetweenSteps(board, graph, chains, grid, ref budget, Name, stop) ?? Math.Min(bound, best.Objective);
    }
}
