using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Jobs;

/// <summary>The solver of this service.</summary>
internal sealed class ServiceSolver(ScheduleSolver solver) : ISolver
{
    public Solution Quick(Problem problem) => QuickPass.Solve(problem);

    public Task<Solution> SearchAsync(
        Problem problem, SolveOptions options, Solution known, Action<Solution> improved, CancellationToken cancellation) =>
        solver.SolveAsync(problem, options, known, improved, cancellation);
}
