using System.Diagnostics;
using ScheduleSearch.Api.Telemetry;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Jobs;

/// <summary>A solver whose passes are measured: each is a span and counts in the metrics.</summary>
internal sealed class MeteredSolver(ISolver solver, SearchMetrics metrics, TimeProvider time) : ISolver
{
    public Task WarmUpAsync(CancellationToken cancellation) => solver.WarmUpAsync(cancellation);

    public Solution Quick(AskedSchedule asked, double targetGap, Func<bool> isOver)
    {
        using var span = Span("quick pass", asked);
        var start = time.GetTimestamp();
        var solution = solver.Quick(asked, targetGap, isOver);
        metrics.CountQuickPass(time.GetElapsedTime(start));
        span?.SetTag("schedule.method", solution.Method).SetTag("schedule.gap", solution.Gap);
        return solution;
    }

    public async Task<Searched> SearchAsync(
        AskedSchedule asked, SolveOptions options, Solution known, Action<Solution> improved, CancellationToken cancellation)
    {
        // A family is answered as it is.
        if (asked.Family is not null) return await solver.SearchAsync(asked, options, known, improved, cancellation);
        using var span = Span("search", asked);
        var start = time.GetTimestamp();
        Solution? best = null;
        var outcome = SearchOutcome.Failed;
        try
        {
            var searched = await solver.SearchAsync(asked, options, known, improved, cancellation);
            best = searched.Best;
            outcome = OutcomeOf(searched, options, cancellation);
            return searched;
        }
        finally
        {
            metrics.CountSearch(time.GetElapsedTime(start), best, outcome);
            span?.SetTag("search.outcome", outcome).SetTag("schedule.method", best?.Method).SetTag("schedule.gap", best?.Gap)
                .SetStatus(outcome == SearchOutcome.Failed ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
        }
    }

    private static Activity? Span(string name, AskedSchedule asked) =>
        TelemetryNames.Spans.StartActivity(name)?.SetTag(TelemetryNames.ScheduleId, asked.Id);

    private static string OutcomeOf(Searched searched, SolveOptions options, CancellationToken cancellation) => searched switch
    {
        { Best.IsOptimal: true } => SearchOutcome.Optimal,
        _ when searched.Best.Gap <= options.TargetGap => SearchOutcome.TargetGap,
        _ when cancellation.IsCancellationRequested => SearchOutcome.Canceled,
        { IsWhole: false } => SearchOutcome.ChildLost,
        _ => SearchOutcome.Budget,
    };
}
