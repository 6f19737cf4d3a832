using Google.OrTools.Sat;
using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Exact;

/// <summary>One run of CP-SAT for the least start of a milestone: only what it proves counts.</summary>
internal sealed class MilestoneRun(ScheduleModel model, TimeGrid grid) : CpSatSolve(ForProof)
{
    private double _steps;

    /// <summary>Ticks before which the milestone cannot start, as far as it was proved when the run ended.</summary>
    /// <exception cref="ContradictionException">CP-SAT finds no schedule.</exception>
    public long Solve(SearchBudget budget, CancellationToken cancellation)
    {
        var status = Solve(model.Model, budget, cancellation);
        if (status == CpSolverStatus.Infeasible) throw new ContradictionException("CP-SAT proves that a milestone cannot be reached.");
        if (status is CpSolverStatus.Optimal or CpSolverStatus.Feasible) OnBound(Solver.BestObjectiveBound);
        return grid.BoundOf((long)Math.Ceiling(_steps - 1e-6));
    }

    protected override void OnBound(double steps)
    {
        if (double.IsFinite(steps)) _steps = Math.Max(_steps, steps);
    }

    protected override void OnSolution()
    {
    }
}
