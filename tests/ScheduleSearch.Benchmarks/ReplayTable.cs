using System.Globalization;
using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Benchmarks;

/// <summary>Processor seconds that 10,000 replays of an order take on one core, the draws included, and those of all families of a problem together.</summary>
internal static class ReplayTable
{
    private const int Replays = 10_000;

    private static readonly string[] Columns = ["p", "m", "order", "noise", "operations", "s", "ns an operation"];

    public static void Run()
    {
        var table = new MarkdownTable(Columns);
        (string Name, Noise Noise)[] noises =
        [
            ("stages and microbatches", new() { Stage = 0.05m, Microbatch = 0.1m }),
            ("every operation, and spikes", new() { Operation = 0.1m, Microbatch = 0.1m, Spikes = new() { Probability = 0.01, Size = 1 } }),
        ];
        // The first run pays for the compiler.
        _ = Measure(4, 8, "1f1b", noises[1].Noise, []);
        foreach (var (devices, microbatches) in new[] { (8, 32), (16, 128) })
        {
            foreach (var (name, noise) in noises)
            {
                foreach (var family in new[] { "1f1b", "zb-h1" }) Add(table, devices, microbatches, family, name, noise, beside: false);
                Add(table, devices, microbatches, "zb-h1", name, noise, beside: true);
            }
        }
    }

    private static void Add(MarkdownTable table, int devices, int microbatches, string family, string name, Noise noise, bool beside)
    {
        var problem = Create(devices, microbatches);
        var families = beside ? FamilyCatalogue.Admitted(problem) : [];
        List<(string, Timeline)> others = [.. families.Select(other => (other.Name, Replay.Run(other.ScheduleOf(problem))))];
        var (seconds, operations) = Measure(devices, microbatches, family, noise, others);
        table.Add(
        [
            $"{devices}", $"{microbatches}", beside ? $"{family} beside {others.Count} families" : family, name, $"{operations}",
            seconds.ToString("F2", CultureInfo.InvariantCulture), (seconds / operations / Replays * 1e9).ToString("F1", CultureInfo.InvariantCulture),
        ]);
    }

    private static (double Seconds, int Operations) Measure(
        int devices, int microbatches, string family, Noise noise, List<(string Name, Timeline Timeline)> others)
    {
        var timeline = Replay.Run(FamilyCatalogue.Find(family)!.ScheduleOf(Create(devices, microbatches)));
        // Of the processor, so that it is the same on a busy machine.
        var before = Environment.CpuUsage.TotalTime;
        _ = ScheduleEvaluator.Run((family, timeline), others, new EvaluationRequest { Replays = Replays, Noise = noise }, CancellationToken.None);
        return ((Environment.CpuUsage.TotalTime - before).TotalSeconds, timeline.Graph.Count + others.Sum(other => other.Timeline.Graph.Count));
    }

    private static Problem Create(int devices, int microbatches) => Problem.Create(new Profile
    {
        Pipeline = new() { Devices = devices, Microbatches = microbatches },
        Times = new() { Forward = 10, BackwardInput = 10, BackwardWeight = 9, Communication = 0.5m },
    });
}
