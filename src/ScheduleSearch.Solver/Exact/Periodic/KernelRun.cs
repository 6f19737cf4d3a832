using Google.OrTools.Sat;
using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Exact.Periodic;

/// <summary>One run of CP-SAT on a kernel's model.</summary>
internal sealed class KernelRun(KernelModel model) : CpSatSolve(settings: "")
{
    /// <summary>The best kernel found; null when there was none within the budget.</summary>
    public KernelTimes? Solve(SearchBudget budget, CancellationToken cancellation) =>
        Solve(model.Model, budget, cancellation) is CpSolverStatus.Optimal or CpSolverStatus.Feasible ? model.Times(Solver.Value) : null;

    protected override void OnBound(double bound)
    {
    }

    protected override void OnSolution()
    {
    }
}
