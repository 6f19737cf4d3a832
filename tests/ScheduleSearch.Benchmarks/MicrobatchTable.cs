using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Features.Microbatches;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver;

namespace ScheduleSearch.Benchmarks;

/// <summary>
/// What the order of unequal microbatches is worth: measured steps of a job whose sequences differ in length, each microbatch by its factors of the mean
/// forward and backward of a rank.
/// </summary>
internal static class MicrobatchTable
{
    private static readonly string[] Columns =
        ["step", "spread", "1F1B as given", "rising", "falling", "search, fused", "search, split", "lower bound", "gap", "s to best"];

    public static async Task<string> RunAsync(ScheduleSolver solver, double seconds)
    {
        var (table, sums, number) = (new MarkdownTable(Columns), new decimal[5], 0);
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Measured", "unequal-microbatches.json")));
        foreach (var step in document.RootElement.GetProperty("steps").EnumerateArray())
        {
            var profile = ProfileOf(Times(step, "forward"), Times(step, "backward"));
            var factors = profile.MicrobatchScale!.Backward!.Value;
            int[] rising = [.. Enumerable.Range(0, factors.Length).OrderBy(microbatch => factors[microbatch])];
            var fused = Problem.Create(profile, splitBackward: false);
            var whole = await SolveRun.OfAsync(solver, fused, new SolveOptions { TimeLimitSeconds = seconds });
            var split = await SolveRun.OfAsync(solver, Problem.Create(profile), new SolveOptions { TimeLimitSeconds = seconds });
            decimal[] values =
            [
                OneForwardOneBackward(fused), OneForwardOneBackward(fused.Entering(rising)), OneForwardOneBackward(fused.Entering([.. rising.Reverse()])),
                ValueOf(whole), ValueOf(split),
            ];
            for (var column = 0; column < sums.Length; column++) sums[column] += values[column];
            var bound = split.Solution.Problem.TimeScale.FromTicks(split.Solution.Bound.Ticks);
            table.Add(
                [$"{++number}", Text(Spread(factors), "P0"), .. values.Select(value => Text(value, "F0")), Text(bound, "F0"), Text(split.Solution.Gap, "P1"), split.Best]);
        }

        table.Add(["all", "", .. sums.Select(sum => Text(sum / sums[0], "F3")), "", "", ""]);
        return table.ToString();
    }

    private static Profile ProfileOf(decimal[][] forward, decimal[][] backward) => new()
    {
        Pipeline = new() { Devices = forward.Length, Microbatches = forward[0].Length },
        Times = new()
        {
            Forward = Means(forward, 1),
            // Both gradients of a backward take about as long.
            BackwardInput = Means(backward, 2),
            BackwardWeight = Means(backward, 2),
        },
        Memory = new() { Activation = 1, Limit = forward.Length, Retained = 0.5m },
        MicrobatchScale = new MicrobatchScale { Forward = Factors(forward), Backward = Factors(backward) },
    };

    private static StageValues Means(decimal[][] times, int parts) => StageValues.Each(times.Select(rank => decimal.Round(rank.Average() / parts, 3)));

    /// <summary>By microbatch, its time on all ranks against the mean.</summary>
    private static ImmutableArray<decimal> Factors(decimal[][] times)
    {
        var mean = times.Sum(rank => rank.Average());
        return [.. Enumerable.Range(0, times[0].Length).Select(microbatch => decimal.Round(times.Sum(rank => rank[microbatch]) / mean, 3))];
    }

    private static decimal[][] Times(JsonElement step, string member) =>
        [.. step.GetProperty(member).EnumerateArray().Select(rank => rank.EnumerateArray().Select(time => time.GetDecimal()).ToArray())];

    private static decimal OneForwardOneBackward(Problem problem) => problem.TimeScale.FromTicks(
        ScheduleMetrics.Of(Replay.Run(FamilyCatalogue.Find("1f1b")!.ScheduleOf(problem))).Makespan);

    private static decimal ValueOf(SolveRun run) => run.Solution.Problem.TimeScale.FromTicks(run.Solution.Objective);

    /// <summary>The standard deviation against the mean.</summary>
    private static double Spread(ImmutableArray<decimal> factors) =>
        Math.Sqrt(factors.Average(factor => Math.Pow((double)(factor - factors.Average()), 2))) / (double)factors.Average();

    private static string Text(IFormattable number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
