using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Telemetry;

/// <summary>
/// How many rows the table has in each state and how old the oldest queued one is, as of the last look at it. It is looked at now and then,
/// not when somebody asks, and a look that takes long is repeated less often.
/// </summary>
internal sealed class TableMetrics : BackgroundService
{
    /// <summary>A look that takes more than this share of the time is repeated less often, so many times at most.</summary>
    private const double MostShare = 0.02;
    private const double MostTimes = 10;

    private readonly ScheduleCounts _counts;
    private readonly StorageStartup _storage;
    private readonly IOptions<TelemetrySettings> _settings;
    private readonly TimeProvider _time;
    private volatile Seen? _last;

    public TableMetrics(
        ScheduleCounts counts, StorageStartup storage, IOptions<TelemetrySettings> settings, TimeProvider time, IMeterFactory meters)
    {
        (_counts, _storage, _settings, _time) = (counts, storage, settings, time);
        var meter = meters.Create(TelemetryNames.Service);
        meter.CreateObservableGauge("schedulesearch.schedules", Rows, "{schedule}", "Stored schedules by state, at the last look at the table.");
        meter.CreateObservableGauge(
            "schedulesearch.queue.oldest.age", Oldest, "s", "How long the longest-waiting queued schedule waits; 0 when none does.");
        meter.CreateObservableGauge(
            "schedulesearch.storage.reachable", Reachable, null, "1 when the last look at the table succeeded, 0 when it did not; then its numbers are old.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _storage.Ready.WaitAsync(stoppingToken);
        while (true)
        {
            var start = _time.GetTimestamp();
            await LookAsync(stoppingToken);
            var least = _settings.Value.TableSeconds;
            var pause = Math.Clamp(_time.GetElapsedTime(start).TotalSeconds / MostShare, least, MostTimes * least);
            await Task.Delay(TimeSpan.FromSeconds(pause), _time, stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            _last = new Seen(await _counts.ReadAsync(cancellation), IsPresent: true);
        }
        catch (Exception exception) when (StorageFault.Is(exception))
        {
            // Whoever needs the table says that it cannot be reached; here it is the metric.
            _last = new Seen(_last?.Standing, IsPresent: false);
        }
    }

    private IEnumerable<Measurement<long>> Rows() => _last?.Standing is { } standing
        ? ScheduleStatus.All.Select(state => new Measurement<long>(standing.Rows.GetValueOrDefault(state), new KeyValuePair<string, object?>("state", state)))
        : [];

    private IEnumerable<Measurement<double>> Oldest() => _last?.Standing is { } standing
        ? [new(standing.OldestQueued is { } since ? Math.Max(0, (_time.GetUtcNow().UtcDateTime - since).TotalSeconds) : 0)]
        : [];

    private IEnumerable<Measurement<int>> Reachable() => [new(_last is { IsPresent: true } ? 1 : 0)];

    /// <summary>The last look.</summary>
    /// <param name="Standing">What was last read; null when nothing ever was.</param>
    /// <param name="IsPresent">Whether that was at this look.</param>
    private sealed record Seen(TableStanding? Standing, bool IsPresent);
}
