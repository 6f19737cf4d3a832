using System.Globalization;
using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Traces.Runs;
using ScheduleSearch.Solver;
using ScheduleSearch.Tests.Shared;

namespace ScheduleSearch.Benchmarks;

/// <summary>
/// Recorded runs beside what is predicted of them: replays with their own durations, with medians, with resampled durations; and what the orders that the
/// search finds at the medians would have taken with the recorded durations, microbatches matched.
/// </summary>
internal static class RealityTable
{
    /// <summary>Replays with resampled durations.</summary>
    public const int Replays = 10_000;

    private static readonly string[] PredictedColumns =
        ["run", "steps", "recorded, ms", "own durations", "medians", "resampled, mean", "resampled, p95", "recorded p95, ms"];

    private static readonly string[] SearchedColumns = ["run", "order", "planned, ms", "mean, ms", "p95, ms", "mean", "p95"];

    public static async Task<(string Predicted, string Searched)> RunAsync(ScheduleSolver solver, double seconds)
    {
        var predicted = new MarkdownTable(PredictedColumns);
        List<(string Name, ImportedProfile Imported)> runs = [.. RecordedRun.All.Select(name => (name, RecordedRun.Import(name)))];
        foreach (var (name, imported) in runs) AddPredicted(predicted, name, imported);
        var searched = new MarkdownTable(SearchedColumns);
        foreach (var (name, imported) in runs) await AddSearchedAsync(searched, solver, seconds, name, imported);
        return (predicted.ToString(), searched.ToString());
    }

    private static void AddPredicted(MarkdownTable table, string name, ImportedProfile imported)
    {
        var (problem, steps, fidelity) = (Problem.Create(WithMemory(imported)), imported.UsedSteps, imported.Fidelity!);
        var timeline = Replay.Run(new StepReplay(problem, steps[0]).Schedule);
        var request = new EvaluationRequest { Replays = Replays, Noise = new() { Samples = imported.Samples } };
        var resampled = ScheduleEvaluator.Run(("recorded", timeline), [], request, CancellationToken.None).Schedule.Distribution;
        var tick = (double)problem.TimeScale.FromTicks(1);
        var p95 = P95(steps.Select(step => step.Length));
        table.Add(
        [
            name, $"{imported.Steps.Used}", Text(fidelity.MeanRecorded), Percent(fidelity.OwnError), Signed(fidelity.MediansError),
            Signed(resampled.Mean * tick / fidelity.MeanRecorded - 1), Signed(resampled.P95 * tick / p95 - 1), Text(p95),
        ]);
    }

    private static async Task AddSearchedAsync(MarkdownTable table, ScheduleSolver solver, double seconds, string name, ImportedProfile imported)
    {
        var profile = WithMemory(imported);
        var problem = Problem.Create(profile);
        var recorded = imported.UsedSteps.Select(step => new StepReplay(problem, step)).ToList();
        double[] before = [.. recorded.Select(replay => replay.WithOwnDurations())];
        table.Add([name, "as recorded", Text(imported.Fidelity!.Medians), Text(before.Average()), Text(P95(before)), "", ""]);
        var noise = new Noise { Samples = imported.Samples };
        foreach (var (order, options) in new (string, SolveOptions)[]
        {
            ("searched at medians, whole backwards", new() { SplitBackward = false }),
            ("robust mean, whole backwards", new() { SplitBackward = false, Noise = noise }),
            ("robust p95, whole backwards", new() { SplitBackward = false, Noise = noise, Statistic = Statistic.P95 }),
            ("searched at medians, backwards in halves", new()),
            ("robust mean, backwards in halves", new() { Noise = noise }),
            ("robust p95, backwards in halves", new() { Noise = noise, Statistic = Statistic.P95 }),
        })
        {
            var run = await SolveRun.OfAsync(solver, Problem.Of(profile, options, ProblemLimits.Default), options with { TimeLimitSeconds = seconds });
            var schedule = run.Solution.Timeline.Schedule;
            double[] after = [.. imported.UsedSteps.Select(step => StepReplay.Length(schedule, step))];
            table.Add(
            [
                name, $"{order} ({run.Solution.Method})", Text((double)run.Solution.Problem.TimeScale.FromTicks(run.Solution.Metrics.Objective)),
                Text(after.Average()), Text(P95(after)), Signed(after.Average() / before.Average() - 1), Signed(P95(after) / P95(before) - 1),
            ]);
        }
    }

    /// <summary>The memory of 1F1B: as many activations as ranks.</summary>
    private static Profile WithMemory(ImportedProfile imported) => imported.Profile with
    {
        Memory = new() { Activation = 1, Limit = imported.Profile.Pipeline.Devices, Retained = 0.5m },
    };

    private static double P95(IEnumerable<double> lengths) => Distribution.Of(lengths.ToArray()).P95;

    private static string Text(double milliseconds) => milliseconds.ToString("F1", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("F2", CultureInfo.InvariantCulture) + " %";

    private static string Signed(double share) => (100 * share).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture) + " %";
}
