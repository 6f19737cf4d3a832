using System.Diagnostics;
using System.Globalization;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Benchmarks;

/// <summary>One solve through the service's own path, with the seconds at which its answers came.</summary>
/// <param name="Solution">The last answer.</param>
/// <param name="First">Seconds to the first verified answer.</param>
/// <param name="Best">Seconds to the best schedule.</param>
/// <param name="Whole">Seconds in all.</param>
/// <param name="PeakMemory">Peak resident memory of this process so far, in MiB.</param>
/// <param name="ChildMemory">Peak resident memory of its child process so far, in MiB; 0 when none was needed.</param>
internal sealed record SolveRun(Solution Solution, string First, string Best, string Whole, long PeakMemory, long ChildMemory)
{
    public static async Task<SolveRun> OfAsync(ScheduleSolver solver, Problem problem, SolveOptions options)
    {
        var clock = Stopwatch.StartNew();
        var (first, best, objective) = ("", "", long.MaxValue);
        var solution = await solver.SolveAsync(problem, options, known: null, Note, CancellationToken.None);
        var whole = Seconds(clock);
        using var process = Process.GetCurrentProcess();
        return new(solution, first, best, whole, process.PeakWorkingSet64 >> 20, solver.PeakChildMemory >> 20);

        void Note(Solution found)
        {
            if (first.Length == 0) first = Seconds(clock);
            if (found.Objective >= objective) return;
            (objective, best) = (found.Objective, Seconds(clock));
        }
    }

    private static string Seconds(Stopwatch clock) => clock.Elapsed.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture);
}
