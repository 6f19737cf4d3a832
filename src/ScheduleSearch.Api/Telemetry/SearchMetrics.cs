using System.Diagnostics.Metrics;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Telemetry;

/// <summary>What requests to solve and the searches for them come to. Labels are names of the service's own, so there are few of them.</summary>
internal sealed class SearchMetrics : IHostedService
{
    private static readonly double[] QuickSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly double[] SearchSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1200];
    private static readonly double[] Gaps = [0, 0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5];

    private readonly Counter<long> _requests;
    private readonly Histogram<double> _quickSeconds;
    private readonly Histogram<double> _searchSeconds;
    private readonly Histogram<double> _gap;

    public SearchMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(TelemetryNames.Service);
        _requests = meter.CreateCounter<long>(
            "schedulesearch.solve.requests", "{request}", "Requests to solve, by whether the table answered (hit) or a search was caused (miss).");
        _quickSeconds = Seconds(meter, "schedulesearch.quick_pass.duration", "Time to the first answer of a problem: its quick pass.", QuickSeconds);
        _searchSeconds = Seconds(
            meter, "schedulesearch.search.duration", "Time of an improving search, by the method whose schedule won and by how it ended.", SearchSeconds);
        _gap = meter.CreateHistogram(
            "schedulesearch.search.gap", null, "Gap that an improving search left, as a share of the objective.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Gaps });
    }

    /// <summary>Counts a request to solve.</summary>
    /// <param name="cached">Whether it caused no search.</param>
    public void CountRequest(bool cached) => CountRequests(1, cached);

    /// <summary>Takes a quick pass into account.</summary>
    public void CountQuickPass(TimeSpan elapsed) => _quickSeconds.Record(elapsed.TotalSeconds);

    /// <summary>Takes a search into account.</summary>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="best">What it came to; null when it failed.</param>
    /// <param name="outcome">One of <see cref="SearchOutcome"/>.</param>
    public void CountSearch(TimeSpan elapsed, Solution? best, string outcome)
    {
        _searchSeconds.Record(elapsed.TotalSeconds, Label("method", best?.Method ?? "none"), Label("outcome", outcome));
        if (best?.ClaimedGap is { } gap) _gap.Record(gap);
    }

    /// <summary>Counters are there from the start, or their first step would be missing.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        CountRequests(0, cached: true);
        CountRequests(0, cached: false);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void CountRequests(int number, bool cached) => _requests.Add(number, Label("cache", cached ? "hit" : "miss"));

    private static Histogram<double> Seconds(Meter meter, string name, string description, double[] boundaries) =>
        meter.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
