using System.Globalization;
using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver;

namespace ScheduleSearch.Benchmarks;

/// <summary>
/// Orders that are searched for the mean or the p95 of a few scenarios, beside the one that is searched at the profile's durations: each replayed many times
/// with durations that no search has met, the same for all of them.
/// </summary>
internal static class RobustTable
{
    /// <summary>Replays of each order.</summary>
    public const int Replays = 10_000;

    private const long FreshSeed = 20_261_130;

    private static readonly string[] Columns = ["limit", "noise", "order", "planned, ms", "mean, ms", "p95, ms", "mean", "p95"];

    public static async Task<string> RunAsync(ScheduleSolver solver, double seconds)
    {
        var table = new MarkdownTable(Columns);
        foreach (var limit in new[] { 8, 12 })
        {
            foreach (var variation in new[] { 0.1m, 0.2m, 0.3m })
                await AddAsync(table, solver, seconds, limit, $"operation {variation}", new Noise { Operation = variation });
        }

        await AddAsync(table, solver, seconds, 8, "operation 0.1, microbatch 0.2", new Noise { Operation = 0.1m, Microbatch = 0.2m });
        return table.ToString();
    }

    private static async Task AddAsync(MarkdownTable table, ScheduleSolver solver, double seconds, int limit, string name, Noise noise)
    {
        var profile = new Profile
        {
            Pipeline = new() { Devices = 8, Microbatches = 32 },
            Times = new() { Forward = 20, BackwardInput = 20, BackwardWeight = 18, Communication = 0.5m },
            Memory = new() { Activation = 1, Limit = limit },
        };
        var problem = Problem.Create(profile);
        var orders = new List<(string Name, Timeline Timeline)>();
        foreach (var (order, options) in new (string, SolveOptions)[]
        {
            ("deterministic", new()),
            ("robust, mean", new() { Noise = noise, Statistic = Statistic.Mean }),
            ("robust, p95", new() { Noise = noise, Statistic = Statistic.P95 }),
        })
        {
            var run = await SolveRun.OfAsync(solver, Problem.Of(profile, options, ProblemLimits.Default), options with { TimeLimitSeconds = seconds });
            orders.Add((order, Replay.Run(OrderCodec.Decode(problem, OrderCodec.Encode(run.Solution.Timeline.Schedule)))));
        }

        orders.Add(("1f1b", Replay.Run(FamilyCatalogue.Find("1f1b")!.ScheduleOf(problem))));
        var request = new EvaluationRequest { Replays = Replays, Seed = FreshSeed, Noise = noise };
        var evaluated = ScheduleEvaluator.Run(orders[0], orders[1..], request, CancellationToken.None);
        var first = evaluated.Schedule.Distribution;
        foreach (var order in evaluated.Others.Prepend(evaluated.Schedule))
        {
            table.Add(
            [
                $"{limit}", name, order.Name, Text(Time(order.Planned)), Text(Time(order.Distribution.Mean)), Text(Time(order.Distribution.P95)),
                Signed(order.Distribution.Mean / first.Mean - 1), Signed(order.Distribution.P95 / first.P95 - 1),
            ]);
        }

        double Time(double ticks) => ticks * (double)problem.TimeScale.FromTicks(1);
    }

    private static string Text(double milliseconds) => milliseconds.ToString("F1", CultureInfo.InvariantCulture);

    private static string Signed(double share) => (100 * share).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture) + " %";
}
