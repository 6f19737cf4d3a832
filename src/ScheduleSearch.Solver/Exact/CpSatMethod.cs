using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Exact;

/// <summary>
/// The whole problem as one CP-SAT model, hinted with the best schedule so far: it improves the schedule and the bound until they meet.
/// </summary>
public sealed class CpSatMethod : ISearchMethod
{
    private const int MostOperations = 3000;

    /// <inheritdoc/>
    public string Name => "cp-sat";

    /// <inheritdoc/>
    public bool IsExact => true;

    /// <inheritdoc/>
    public bool Suits(Problem problem) => problem.Placement.Pipes == 1 && 3L * problem.Stages * problem.Microbatches <= MostOperations;

    /// <inheritdoc/>
    public void Run(SearchBoard board, SearchBudget budget, CancellationToken cancellation)
    {
        if (board.IsDone) return;
        var best = board.Best;
        var chains = new OperationChains(board.Graph);
        var grid = TimeGrid.For(board.Graph, 2 * best.Objective);
        var most = grid.MostSteps(best.Objective);
        var model = new ScheduleModel(board.Graph, chains, grid, grid.LeastSteps(best.Bound.Ticks), most);
        model.Hint(chains.OrdersOf(best.Timeline.Schedule), most);
        using var run = new CpSatRun(model, grid, board, Name);
        run.Solve(budget, cancellation);
    }
}
