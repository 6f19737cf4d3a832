using System.Globalization;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver;
using ScheduleSearch.Tests.Shared;

namespace ScheduleSearch.Benchmarks;

/// <summary>
/// What links that carry one message at a time cost the published families, and what the search makes of them: the 14.6B model of the stored requests on
/// 16 devices with 48 microbatches and 1F1B's memory, with even links, with one between the middle devices that is ten or forty times as slow, and with one
/// link for all that a device sends.
/// </summary>
internal static class LinkTable
{
    private const string Model = "14.6B_p16_m48-linear-1x-makespan";
    private const decimal Slow = 10;
    private const decimal Crowded = 40;

    private static readonly string[] Columns = ["links", "schedule", "makespan, ms", "bubble", "fits", "gap", "s"];

    public static async Task RunAsync(ScheduleSolver solver, double seconds)
    {
        var table = new MarkdownTable(Columns);
        var profile = StoredRequest.Read(Model).Problem.Profile;
        var latency = profile.Times.Communication.Latency;
        var slow = SlowerInTheMiddle(latency, profile.Pipeline.Devices, Slow);
        var crowded = SlowerInTheMiddle(latency, profile.Pipeline.Devices, Crowded);
        (string Title, Communication Communication)[] cases =
        [
            ("latency alone", new() { Latency = latency }),
            ("exclusive", new() { Latency = latency, Exclusive = Exclusivity.Link }),
            ("one slow link, latency alone", new() { Latency = slow }),
            ("one slow link, exclusive", new() { Latency = slow, Exclusive = Exclusivity.Link }),
            ("one slow link, one link a device", new() { Latency = slow, Exclusive = Exclusivity.Device }),
            ("one link 40 times as slow, latency alone", new() { Latency = crowded }),
            ("one link 40 times as slow, exclusive", new() { Latency = crowded, Exclusive = Exclusivity.Link }),
            ("one link 40 times as slow, one link a device", new() { Latency = crowded, Exclusive = Exclusivity.Device }),
        ];
        foreach (var (title, communication) in cases) await AddAsync(table, solver, title, profile with { Times = profile.Times with { Communication = communication } }, seconds);
    }

    private static async Task AddAsync(MarkdownTable table, ScheduleSolver solver, string title, Profile profile, double seconds)
    {
        var problem = Problem.Create(profile);
        foreach (var family in FamilyCatalogue.Admitted(problem))
            table.Add(Row(title, family.Name, problem, ScheduleMetrics.Of(Replay.Run(family.ScheduleOf(problem))), "", ""));
        var run = await SolveRun.OfAsync(solver, problem, new SolveOptions { TimeLimitSeconds = seconds });
        var gap = run.Solution.Gap.ToString("P2", CultureInfo.InvariantCulture);
        table.Add(Row(title, $"**search** ({run.Solution.Method})", problem, run.Solution.Metrics, gap, run.Whole));
    }

    private static string[] Row(string title, string name, Problem problem, ScheduleMetrics metrics, string gap, string seconds) =>
    [
        title, name, (problem.TimeScale.FromTicks(metrics.Makespan) / 1000).ToString("F1", CultureInfo.InvariantCulture),
        metrics.BubbleRatio.ToString("P1", CultureInfo.InvariantCulture),
        metrics.PeakMemory.Select((peak, device) => peak <= problem.LimitOf(device)).All(fits => fits) ? "yes" : "no", gap, seconds,
    ];

    private static LinkValues SlowerInTheMiddle(LinkValues latency, int devices, decimal slowness) => LinkValues.Each(Enumerable.Range(0, devices).Select(from =>
        Enumerable.Range(0, devices).Select(to => latency[from, to] * (Math.Min(from, to) == devices / 2 - 1 && Math.Abs(from - to) == 1 ? slowness : 1)).ToArray()));
}
