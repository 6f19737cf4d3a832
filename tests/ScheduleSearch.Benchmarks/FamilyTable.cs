using System.Globalization;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver;
using ScheduleSearch.Tests.Shared;

namespace ScheduleSearch.Benchmarks;

/// <summary>
/// What every published family costs on one measured model, and what the search makes of the same placement and memory: the 14.6B model of the
/// stored requests on 16 devices with 48 microbatches, 1F1B's memory, its layers cut evenly in as many chunks as a placement has.
/// </summary>
internal static class FamilyTable
{
    private const string Model = "14.6B_p16_m48-linear-1x-makespan";
    private const int Slices = 4;

    /// <summary>What is left of a layer's activation when only its input is kept: 2 of 34 bytes a token and unit of width (Korthikanti et al., arXiv:2205.05198).</summary>
    private const decimal KeptPart = 2m / 34;

    private static readonly string[] Columns = ["placement", "schedule", "makespan", "span", "bubble", "peak", "weights", "fits", "gap", "s"];

    private static readonly (string Name, int Chunks)[] Placements =
        [("linear", 1), ("interleaved", 2), ("v", 2), ("wave", 4), ("bidirectional", 1), ("bidirectional", 2)];

    public static async Task<string> RunAsync(ScheduleSolver solver, double seconds)
    {
        var table = new MarkdownTable(Columns);
        var whole = Cut(StoredRequest.Read(Model).Problem.Profile, "linear", chunks: 1);
        foreach (var (placement, chunks) in Placements) await AddAsync(table, solver, $"{placement}, {chunks} a device", Cut(whole, placement, chunks), seconds);
        await AddAsync(table, solver, $"linear, {Slices} slices", whole with { Slices = new() { Count = Slices } }, seconds);
        await AddAsync(table, solver, "linear, recompute", whole with { Recompute = new() { Kept = KeptPart } }, seconds);
        return table.ToString();
    }

    private static async Task AddAsync(MarkdownTable table, ScheduleSolver solver, string title, Profile profile, double seconds)
    {
        var problem = Problem.Create(profile);
        foreach (var family in FamilyCatalogue.All.Where(family => family.Placement == problem.Placement.Name))
        {
            if (FamilyCatalogue.WhyNot(family, problem) is null)
                table.Add(Row(title, family.Name, problem, ScheduleMetrics.Of(Replay.Run(family.ScheduleOf(problem))), "", ""));
        }

        var run = await SolveRun.OfAsync(solver, problem, new SolveOptions { TimeLimitSeconds = seconds });
        var (solution, gap) = (run.Solution, run.Solution.Gap.ToString("P2", CultureInfo.InvariantCulture));
        table.Add(Row(title, $"**search** ({solution.Method})", problem, solution.Metrics, gap, run.Whole));
    }

    private static string[] Row(string title, string name, Problem problem, ScheduleMetrics metrics, string gap, string seconds)
    {
        var (time, memory) = (problem.TimeScale, problem.MemoryScale);
        var fits = metrics.PeakMemory.Select((peak, device) => peak <= problem.LimitOf(device)).All(fits => fits);
        return
        [
            title, name, Milliseconds(time.FromTicks(metrics.Makespan)), Milliseconds(time.FromTicks(metrics.Span)),
            metrics.BubbleRatio.ToString("P1", CultureInfo.InvariantCulture), Text(memory.FromTicks(metrics.PeakMemory.Max())),
            Text(memory.FromTicks(Enumerable.Range(0, problem.Devices).Max(problem.WeightsOn))), fits ? "yes" : "no", gap, seconds,
        ];
    }

    /// <summary>The profile with every stage cut evenly in chunks; weights are 1 for all chunks of a device and pipe together.</summary>
    private static Profile Cut(Profile whole, string placement, int chunks)
    {
        decimal Part(StageValues values) => values[0] / chunks;
        var (times, memory) = (whole.Times, whole.Memory!);
        return whole with
        {
            Pipeline = whole.Pipeline with { Chunks = chunks, Placement = placement },
            Times = times with { Forward = Part(times.Forward), BackwardInput = Part(times.BackwardInput), BackwardWeight = Part(times.BackwardWeight) },
            Memory = memory with { Activation = Part(memory.Activation!), Retained = Part(memory.Retained!), Weights = 1m / chunks },
        };
    }

    private static string Milliseconds(decimal microseconds) => (microseconds / 1000).ToString("F1", CultureInfo.InvariantCulture);

    private static string Text(decimal number) => Math.Round(number, 2).ToString(CultureInfo.InvariantCulture);
}
