using System.Diagnostics;
using System.Globalization;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Search.Local;
using ScheduleSearch.Solver.Solutions;
using ScheduleSearch.Tests.Shared;

namespace ScheduleSearch.Benchmarks;

/// <summary>
/// How much sooner a search comes to the same value when it begins with the order of a near problem: stored requests with times and limits that are a little
/// off, searched from a quick pass, and from the schedule that a search of the request as stored has found.
/// </summary>
internal static class ResearchTable
{
    private const int Each = 5;

    private static readonly string[] Columns =
    [
        "request", "times off by", "limits", "cold first, s", "cold first / cold", "cold, s to its value", "order fits", "replayed first, s",
        "replayed first / cold", "warm, s to cold's value", "warm / cold",
    ];

    private static readonly string[] Stored =
        ["1.5B_p8_m24-v-0.5x-makespan", "6.2B_p8_m24-linear-2x-span", "14.6B_p16_m48-v-0.625x-makespan", "14.6B_p16_m48-v-0.375x-makespan"];

    public static async Task<string> RunAsync(ScheduleSolver solver, double seconds)
    {
        var (table, random, options) = (new MarkdownTable(Columns), new Random(0), new SolveOptions { TimeLimitSeconds = seconds });
        var measured = new List<(bool LimitsToo, double Cold, double Warm, double Ratio)>();
        // The first run pays for the compiler and the child.
        _ = await RunAsync(solver, StoredRequest.Read(Stored[1]).Problem, new SolveOptions { TimeLimitSeconds = 1 }, known: null);
        foreach (var name in Stored)
        {
            var problem = StoredRequest.Read(name).Problem;
            var stored = (await RunAsync(solver, problem, options, known: null)).Best;
            for (var number = 0; number < Each; number++)
            {
                var off = 0.05 + 0.15 * number / (Each - 1);
                var limitsToo = number % 2 == 1;
                var changed = Changed(problem, off, limitsToo, random);
                var cold = await RunAsync(solver, changed, options, known: null);
                var (start, first) = Begin(changed, stored);
                var warm = await RunAsync(solver, changed, options, start.Known, start.Seconds);
                var (value, until) = ((double)cold.Best.Objective, warm.SecondsTo(cold.Best.Objective));
                table.Add(
                [
                    name, off.ToString("P1", CultureInfo.InvariantCulture), limitsToo ? "off too" : "the same", Seconds(cold.First.Seconds),
                    Ratio(cold.First.Objective / value), Seconds(cold.SecondsTo(cold.Best.Objective)!.Value), first.Fits ? "yes" : "no",
                    Seconds(first.Seconds), Ratio(first.Objective / value), Reached(until ?? double.PositiveInfinity), Ratio(warm.Best.Objective / value),
                ]);
                measured.Add((limitsToo, cold.SecondsTo(cold.Best.Objective)!.Value, until ?? double.PositiveInfinity, warm.Best.Objective / value));
            }
        }

        foreach (var group in measured.GroupBy(row => row.LimitsToo))
        {
            table.Add(
            [
                $"median of {group.Count()}", "", group.Key ? "off too" : "the same", "", "", Seconds(Median(group.Select(row => row.Cold))), "", "", "",
                Reached(Median(group.Select(row => row.Warm))), Ratio(Median(group.Select(row => row.Ratio))),
            ]);
        }

        return table.ToString();
    }

    /// <summary>As the service begins: the order replayed under the new times, and tightened beside a quick pass; the better of both.</summary>
    private static ((Solution? Known, double Seconds) Start, (long Objective, bool Fits, double Seconds) First) Begin(Problem problem, Solution stored)
    {
        var clock = Stopwatch.StartNew();
        var carried = CarriedOrder.Of(problem, OrderCodec.Encode(stored.Timeline.Schedule), stored.Method);
        var first = (carried?.Objective ?? 0, carried is not null && carried.Method != CarriedOrder.MethodName, clock.Elapsed.TotalSeconds);
        var quick = QuickPass.Solve(problem);
        var tightened = carried is null ? quick : CarriedOrder.Tightened(carried);
        return ((tightened.Objective <= quick.Objective ? tightened : quick, clock.Elapsed.TotalSeconds), first);
    }

    private static async Task<Course> RunAsync(ScheduleSolver solver, Problem problem, SolveOptions options, Solution? known, double begun = 0)
    {
        var (clock, found) = (Stopwatch.StartNew(), new List<(long Objective, double Seconds)>());
        var best = await solver.SolveAsync(
            problem, options with { TimeLimitSeconds = options.TimeLimitSeconds - begun }, known,
            better => found.Add((better.Objective, begun + clock.Elapsed.TotalSeconds)), CancellationToken.None);
        return new Course(best, found);
    }

    /// <summary>Every time of a stage by itself, and where asked for every limit, off by as much at most; what no order fits is drawn again.</summary>
    private static Problem Changed(Problem problem, double off, bool limitsToo, Random random)
    {
        while (true)
        {
            try
            {
                var (times, memory) = (problem.Profile.Times, problem.Profile.Memory!);
                var changed = problem.Profile with
                {
                    Times = times with { Forward = Off(times.Forward), BackwardInput = Off(times.BackwardInput), BackwardWeight = Off(times.BackwardWeight) },
                    Memory = limitsToo ? memory with { Limit = Limits(memory.Limit!) } : memory,
                };
                return Problem.Create(changed, problem.Objective, problem.SplitBackward);
            }
            catch (InvalidProfileException)
            {
                // Too little memory for any order.
            }
        }

        StageValues Off(StageValues values) => StageValues.Each(Enumerable.Range(0, problem.Stages).Select(stage => Drawn(values[stage])));
        StageValues Limits(StageValues values) => StageValues.Each(Enumerable.Range(0, problem.Devices).Select(device => Drawn(values[device])));
        decimal Drawn(decimal value) => decimal.Round(value * (decimal)(1 + off * (2 * random.NextDouble() - 1)), 3);
    }

    private static double Median(IEnumerable<double> numbers)
    {
        List<double> ordered = [.. numbers.Order()];
        return (ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2]) / 2;
    }

    private static string Seconds(double seconds) => seconds.ToString("F3", CultureInfo.InvariantCulture);

    private static string Reached(double seconds) => double.IsInfinity(seconds) ? "not" : Seconds(seconds);

    private static string Ratio(double ratio) => ratio.ToString("F4", CultureInfo.InvariantCulture);

    /// <summary>The answers of a search, and when each came.</summary>
    private sealed record Course(Solution Best, List<(long Objective, double Seconds)> Found)
    {
        public (long Objective, double Seconds) First => Found[0];

        /// <summary>Seconds until an answer was as good as an objective; null when none was.</summary>
        public double? SecondsTo(long objective) => Found.Where(found => found.Objective <= objective).Select(found => (double?)found.Seconds).FirstOrDefault();
    }
}
