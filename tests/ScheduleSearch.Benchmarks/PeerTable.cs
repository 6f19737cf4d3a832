using System.Globalization;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver;
using ScheduleSearch.Tests.Shared;

namespace ScheduleSearch.Benchmarks;

/// <summary>Solves the stored requests and sets each result beside the published schedulers' best.</summary>
internal static class PeerTable
{
    private static readonly string[] Columns =
    [
        "request", "value", "peer", "by", "ratio", "best known", "bound", "gap", "method", "bound by", "s to first", "s to best", "s", "MiB",
    ];

    public static async Task<string> RunAsync(ScheduleSolver solver, string filter, double seconds)
    {
        var table = new MarkdownTable(Columns);
        foreach (var name in StoredRequest.Names().Where(name => name.Contains(filter, StringComparison.Ordinal)))
        {
            var request = StoredRequest.Read(name);
            table.Add(Row(request, await SolveRun.OfAsync(solver, request.Problem, new SolveOptions { TimeLimitSeconds = seconds })));
        }

        return table.ToString();
    }

    private static string[] Row(StoredRequest request, SolveRun run)
    {
        var scale = request.Problem.TimeScale;
        var value = scale.FromTicks(run.Solution.Objective);
        return
        [
            request.Name, Text(value), Text(request.PeersBest), request.PeersName, Ratio(value / request.PeersBest),
            request.BestKnown is { } known ? Ratio(known / request.PeersBest) : "",
            Text(scale.FromTicks(run.Solution.Bound.Ticks)), run.Solution.Gap.ToString("P2", CultureInfo.InvariantCulture), run.Solution.Method,
            run.Solution.Bound.Name, run.First, run.Best, run.Whole, run.PeakMemory.ToString(CultureInfo.InvariantCulture),
        ];
    }

    private static string Text(decimal number) => Math.Round(number, 1).ToString(CultureInfo.InvariantCulture);

    private static string Ratio(decimal ratio) => ratio.ToString("F4", CultureInfo.InvariantCulture);
}
