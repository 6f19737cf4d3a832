using System.Diagnostics;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver;

namespace ScheduleSearch.Benchmarks;

/// <summary>One solve through the service's own path, with the times at which its answers came.</summary>
/// <param name="Solution">The last answer.</param>
/// <param name="ToFirst">Seconds to the first verified answer.</param>
/// <param name="ToBest">Seconds to the best schedule.</param>
/// <param name="Total">Seconds in all.</param>
/// <param name="PeakMemory">Peak resident memory of this process so far, in MiB.</param>
internal sealed record SolveRun(Solution Solution, double ToFirst, double ToBest, double Total, long PeakMemory)
{
    public static async Task<SolveRun> OfAsync(ScheduleSolver solver, Problem problem, SolveOptions options)
    {
        var clock = Stopwatch.StartNew();
        var (first, best, objective) = (0.0, 0.0, long.MaxValue);
        var solution = await solver.SolveAsync(problem, options, known: null, Note, CancellationToken.None);
        var process = Process.GetCurrentProcess();
        return new(solution, first, best, clock.Elapsed.TotalSeconds, process.PeakWorkingSet64 >> 20);

        void Note(Solution found)
        {
            if (objective == long.MaxValue) first = clock.Elapsed.TotalSeconds;
            if (found.Objective >= objective) return;
            (objective, best) = (found.Objective, clock.Elapsed.TotalSeconds);
        }
    }
}
