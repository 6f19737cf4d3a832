using System.Globalization;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver;
using ScheduleSearch.Tests.Shared;

namespace ScheduleSearch.Benchmarks;

/// <summary>
/// What an output layer in shards gains: the published example; a 6.2B model on 8 devices with four sizes of the vocabulary; and the shape whose
/// utilisation is published, as a ratio of iteration times.
/// </summary>
internal static class VocabularyTable
{
    private const string Model = "6.2B_p8_m24-linear-2x-makespan";
    private const int Hidden = 4096, Sequence = 1024, MicrobatchSize = 3, LayersOfStage = 4;

    private static readonly int[] Sizes = [32_768, 65_536, 131_072, 262_144];
    private static readonly VocabularyParallel[] Ways = [VocabularyParallel.None, VocabularyParallel.OneBarrier, VocabularyParallel.TwoBarriers];
    private static readonly string[] Columns = ["problem", "output layer", "schedule", "makespan", "bubble", "peak", "lower bound", "gap", "s"];

    /// <summary>Model FLOPs utilisation on 8 devices in 1F1B, whole and with one barrier, by size. Source: Yeung et al., arXiv:2411.05288.</summary>
    private static readonly (double Whole, double Shards)[] Published = [(46.2, 50.4), (40.5, 50.3), (33.1, 49.9), (25.2, 50.1)];

    public static async Task<string> RunAsync(ScheduleSolver solver, double seconds)
    {
        var table = new MarkdownTable(Columns);
        foreach (var way in Ways) await AddAsync(table, solver, "p = 4, m = 8, F = 4, BW = 8, S = T = 1", Example(way), splitBackward: false, seconds);
        foreach (var size in Sizes)
        {
            foreach (var placement in new[] { "linear", "v" })
            {
                foreach (var way in Ways)
                    await AddAsync(table, solver, $"6.2B, {size / 1024}k, {placement}", Measured(size, placement, way), splitBackward: true, seconds);
            }
        }

        var ratios = new MarkdownTable(["vocabulary", "time in shards / whole, 1F1B", "published"]);
        foreach (var (size, published) in Sizes.Zip(Published))
        {
            var whole = Makespan("1f1b", PublishedShape(size, VocabularyParallel.None));
            var shards = Makespan("vocab-1f1b", PublishedShape(size, VocabularyParallel.OneBarrier));
            ratios.Add([$"{size / 1024}k", Text(shards / whole, "F3"), Text(published.Whole / published.Shards, "F3")]);
        }

        return $"{table}\n{ratios}";
    }

    private static async Task AddAsync(MarkdownTable table, ScheduleSolver solver, string title, Profile profile, bool splitBackward, double seconds)
    {
        var problem = Problem.Create(profile, splitBackward: splitBackward);
        var way = profile.Vocabulary!.Parallel.ToString();
        foreach (var family in FamilyCatalogue.Admitted(problem).Where(family => family.Name is "1f1b" or "v-half" || family.Name.StartsWith("vocab-", StringComparison.Ordinal)))
        {
            var metrics = ScheduleMetrics.Of(Replay.Run(family.ScheduleOf(problem)));
            table.Add([title, way, family.Name, .. Figures(problem, metrics), "", "", ""]);
        }

        var run = await SolveRun.OfAsync(solver, problem, new SolveOptions { TimeLimitSeconds = seconds });
        table.Add(
        [
            title, way, $"**search** ({run.Solution.Method})", .. Figures(problem, run.Solution.Metrics),
            Text(problem.TimeScale.FromTicks(run.Solution.Bound.Ticks), "F1"), Text(run.Solution.Gap, "P2"), run.Whole,
        ]);
    }

    private static string[] Figures(Problem problem, ScheduleMetrics metrics) =>
    [
        Text(problem.TimeScale.FromTicks(metrics.Makespan), "F1"), Text(metrics.BubbleRatio, "P1"),
        Text(problem.MemoryScale.FromTicks(metrics.PeakMemory.Max()), "F1"),
    ];

    private static decimal Makespan(string family, Profile profile)
    {
        var problem = Problem.Create(profile, splitBackward: false);
        return problem.TimeScale.FromTicks(ScheduleMetrics.Of(Replay.Run(FamilyCatalogue.Find(family)!.ScheduleOf(problem))).Makespan);
    }

    private static Profile Example(VocabularyParallel way) =>
        Shape.Profile(devices: 4, microbatches: 8, forward: 4, backwardInput: 4, backwardWeight: 4) with
        {
            Vocabulary = new() { Size = 4, Parallel = way, Forward = 1, Backward = 1 },
        };

    /// <summary>The measured stages of four layers, and an output layer at the rate that they come to: b s h (72 h + 12 s) operations a layer.</summary>
    private static Profile Measured(int size, string placement, VocabularyParallel way)
    {
        var profile = StoredRequest.Read(Model).Problem.Profile;
        var times = profile.Times;
        var operations = (decimal)LayersOfStage * MicrobatchSize * Sequence * Hidden * (72 * Hidden + 12 * Sequence);
        var microseconds = times.Forward[0] + times.BackwardInput[0] + times.BackwardWeight[0];
        if (placement == "v")
        {
            profile = profile with
            {
                Pipeline = profile.Pipeline with { Placement = "v", Chunks = 2 },
                Times = times with { Forward = times.Forward[0] / 2, BackwardInput = times.BackwardInput[0] / 2, BackwardWeight = times.BackwardWeight[0] / 2 },
                Memory = profile.Memory! with { Activation = profile.Memory.Activation![0] / 2, Retained = profile.Memory.Retained![0] / 2 },
            };
        }

        return profile with
        {
            Vocabulary = new()
            {
                Size = size,
                Parallel = way,
                Activation = 0,
                Hidden = Hidden,
                Sequence = Sequence,
                MicrobatchSize = MicrobatchSize,
                FlopsPerSecond = Math.Round(operations / microseconds * 1e6m),
            },
        };
    }

    /// <summary>32 layers of width 3072 on sequences of 2048, 128 microbatches, at any one rate: only ratios are read off it.</summary>
    private static Profile PublishedShape(int size, VocabularyParallel way)
    {
        const int Width = 3072, Tokens = 2048;
        const decimal FlopsPerSecond = 2e14m;
        var stage = Math.Round(LayersOfStage * (decimal)Tokens * Width * (72 * Width + 12 * Tokens) / 3 / FlopsPerSecond * 1e3m, 6);
        return Shape.Profile(devices: 8, microbatches: 128, forward: stage, backwardInput: stage, backwardWeight: stage) with
        {
            Vocabulary = new() { Size = size, Parallel = way, Hidden = Width, Sequence = Tokens, MicrobatchSize = 1, FlopsPerSecond = FlopsPerSecond },
        };
    }

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);

    private static string Text(decimal number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
