using System.Globalization;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver;

namespace ScheduleSearch.Benchmarks;

/// <summary>Solves the published profiles and sets each result beside the published schedulers' best.</summary>
internal static class PeerTable
{
    public static readonly string[] Columns =
    [
        "request", "value", "peer", "by", "ratio", "best known", "bound", "gap", "method", "bound by", "s to first", "s to best", "s", "MiB",
    ];

    public static async Task RunAsync(MarkdownTable table, ScheduleSolver solver, string filter, double seconds, int seed)
    {
        foreach (var request in ProfileRequest.All().Where(request => request.Name.Contains(filter, StringComparison.Ordinal)))
        {
            var run = await SolveRun.OfAsync(solver, request.Problem, new SolveOptions { TimeLimitSeconds = seconds, Seed = seed });
            table.Add(Row(request, run));
        }
    }

    private static string[] Row(ProfileRequest request, SolveRun run)
    {
        var scale = request.Problem.TimeScale;
        var value = scale.FromTicks(run.Solution.Objective);
        return
        [
            request.Name, Text(value), Text(request.Peer), request.PeerName, (value / request.Peer).ToString("F4", CultureInfo.InvariantCulture),
            request.BestKnown is { } known ? (known / request.Peer).ToString("F4", CultureInfo.InvariantCulture) : "",
            Text(scale.FromTicks(run.Solution.Bound.Ticks)), run.Solution.Gap.ToString("P2", CultureInfo.InvariantCulture), run.Solution.Method,
            run.Solution.Bound.Name, Seconds(run.ToFirst), Seconds(run.ToBest), Seconds(run.Total), run.PeakMemory.ToString(CultureInfo.InvariantCulture),
        ];
    }

    private static string Text(decimal number) => Math.Round(number, 1).ToString(CultureInfo.InvariantCulture);

    private static string Seconds(double seconds) => seconds.ToString("F2", CultureInfo.InvariantCulture);
}
