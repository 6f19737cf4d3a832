using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Jobs;

/// <summary>The solver of this service.</summary>
internal sealed class ServiceSolver(ScheduleSolver solver) : ISolver
{
    public Solution Quick(AskedSchedule asked, double targetGap, Func<bool> isOver) => QuickPass.Solve(asked, targetGap, isOver);

    public Task<Searched> SearchAsync(
        AskedSchedule asked, SolveOptions options, Solution known, Action<Solution> improved, CancellationToken cancellation) =>
        solver.SolveAsync(asked, options, known, improved, cancellation);

    public Task WarmUpAsync(CancellationToken cancellation) => solver.WarmUpAsync(cancellation);
}
