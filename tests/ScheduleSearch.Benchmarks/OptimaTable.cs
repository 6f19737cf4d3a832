using System.Globalization;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver;
using ScheduleSearch.Tests.Shared;

namespace ScheduleSearch.Benchmarks;

/// <summary>Solves small problems whose optima are known, and tells how long it takes to prove them.</summary>
internal static class OptimaTable
{
    private static readonly string[] Columns = ["problem", "known optimum", "value", "bound", "proved", "method", "bound by", "s to best", "s"];

    public static async Task<string> RunAsync(ScheduleSolver solver, string filter, double seconds)
    {
        var table = new MarkdownTable(Columns);
        foreach (var oracle in ProvedOptimum.All().Where(oracle => oracle.Name.Contains(filter, StringComparison.Ordinal)))
        {
            var run = await SolveRun.OfAsync(solver, oracle.Problem, new SolveOptions { TimeLimitSeconds = seconds });
            table.Add(Row(oracle, run));
        }

        return table.ToString();
    }

    private static string[] Row(ProvedOptimum oracle, SolveRun run)
    {
        var (scale, solution) = (oracle.Problem.TimeScale, run.Solution);
        return
        [
            oracle.Name, Text(oracle.Optimum), Text(scale.FromTicks(solution.Objective)), Text(scale.FromTicks(solution.Bound.Ticks)),
            solution.IsOptimal ? "yes" : "no", solution.Method, solution.Bound.Name, run.Best, run.Whole,
        ];
    }

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
