using Google.OrTools.Sat;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Solver.Exact;

/// <summary>One run of CP-SAT on a model whose schedules are of no use: only what it proves counts.</summary>
/// <param name="model">The model.</param>
/// <param name="grid">The steps that it counts in.</param>
/// <param name="proved">Told of ticks that no objective is below, as they come.</param>
internal sealed class ProofRun(ScheduleModel model, TimeGrid grid, Action<long> proved) : CpSatSolve(ForProof)
{
    private double _steps;

    /// <summary>Solves the model.</summary>
    /// <returns>Whether it is closed: no more can be proved.</returns>
    /// <exception cref="ContradictionException">CP-SAT finds no schedule.</exception>
    public bool Solve(SearchBudget budget, CancellationToken cancellation)
    {
        var status = Solve(model.Model, budget, cancellation);
        if (status == CpSolverStatus.Infeasible) throw new ContradictionException("CP-SAT proves that a relaxation has no schedule.");
        if (status is CpSolverStatus.Optimal or CpSolverStatus.Feasible) OnBound(Solver.BestObjectiveBound);
        return status == CpSolverStatus.Optimal;
    }

    protected override void OnBound(double steps)
    {
        if (!double.IsFinite(steps) || steps <= _steps) return;
        _steps = steps;
        proved(grid.BoundOf((long)Math.Ceiling(steps - 1e-6)));
    }

    protected override void OnSolution()
    {
    }
}
