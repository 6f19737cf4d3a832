using System.Globalization;
using ScheduleSearch.Tests.Shared;

namespace ScheduleSearch.Benchmarks;

/// <summary>Iterations of measured plans beside what follows from measured layers.</summary>
internal static class PlanTable
{
    private static readonly string[] Columns =
    [
        "nodes", "p", "d", "b", "m", "1F1B s", "sums s", "predicted s", "measured s", "ratio", "formula s", "ratio", "measured sums s",
    ];

    /// <summary>The table as Markdown.</summary>
    public static string Run()
    {
        var table = new MarkdownTable(Columns);
        foreach (var plan in MeasuredIteration.All())
        {
            var (iteration, formula, seconds) = plan.Predicted();
            table.Add(
            [
                $"{plan.Nodes}", $"{plan.Layers.Length}", $"{plan.Replicas}", $"{plan.MicrobatchSize}", $"{plan.Microbatches}",
                Number(iteration.Makespan / 1000, "F3"), Number(iteration.Sums / 1000, "F3"), Number(seconds, "F3"), Number(plan.Seconds, "F3"),
                Number(seconds / plan.Seconds, "F2"), Number(formula, "F3"), Number(formula / plan.Seconds, "F2"), Number(plan.Sums, "F3"),
            ]);
        }

        return table.ToString();
    }

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
