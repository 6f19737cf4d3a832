using System.Globalization;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver;

namespace ScheduleSearch.Benchmarks;

/// <summary>How time and memory grow with devices and microbatches, on the times of a 28.3B model.</summary>
internal static class ScaleTable
{
    private static readonly string[] Columns = ["p", "v", "m", "operations", "s to first", "s to best", "s", "limit", "gap", "MiB", "child MiB"];

    private static readonly (int Devices, int Chunks, int Microbatches)[] Shapes =
    [
        (8, 1, 24), (16, 1, 48), (32, 1, 64), (32, 1, 128), (32, 1, 256), (32, 1, 512), (32, 1, 1024), (64, 1, 256), (64, 1, 512),
        (8, 2, 24), (16, 2, 48), (32, 2, 64), (32, 2, 128), (32, 2, 256), (32, 2, 512), (64, 2, 512),
    ];

    public static async Task<string> RunAsync(ScheduleSolver solver, double seconds)
    {
        var table = new MarkdownTable(Columns);
        foreach (var (devices, chunks, microbatches) in Shapes)
        {
            var problem = Problem.Create(Profile(devices, chunks, microbatches));
            var run = await SolveRun.OfAsync(solver, problem, new SolveOptions { TimeLimitSeconds = seconds });
            table.Add(
            [
                Text(devices), Text(chunks), Text(microbatches), Text(3 * devices * chunks * microbatches), run.First, run.Best, run.Whole, Text(seconds),
                run.Solution.Gap.ToString("P2", CultureInfo.InvariantCulture), Text(run.PeakMemory), Text(run.ChildMemory),
            ]);
        }

        return table.ToString();
    }

    /// <summary>Stages that differ by up to a tenth, at three quarters of 1F1B's memory: no closed form fits, so that every method has work.</summary>
    private static Profile Profile(int devices, int chunks, int microbatches)
    {
        var stages = Enumerable.Range(0, devices * chunks).ToList();
        StageValues Uneven(decimal time) => StageValues.Each(stages.Select(stage => Math.Round(time / chunks * (1 + stage % 5 * 0.025m), 1)));
        return new Profile
        {
            Pipeline = new() { Devices = devices, Chunks = chunks, Placement = chunks == 1 ? "linear" : "v", Microbatches = microbatches },
            Times = new()
            {
                Unit = TimeUnit.us,
                Forward = Uneven(10402),
                BackwardInput = Uneven(10248),
                BackwardWeight = Uneven(7698),
                Communication = 421,
            },
            Memory = new() { Limit = 0.75m * devices, Activation = 1m / chunks, Retained = 0.432432m / chunks },
        };
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
