using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Jobs;

/// <summary>
/// Wakes who waits for rows when they change, whoever changes them. Where the database does not tell of changes, and in case it missed one, the
/// revisions of all watched rows are read together from time to time. For as long as somebody here waits for a row, the table says so.
/// </summary>
internal sealed class ScheduleWatch : BackgroundService
{
    private static readonly TimeSpan PollUntold = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan PollTold = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, Watched> _watched = [];
    private readonly ScheduleStore _store;
    private readonly ScheduleQueue _queue;
    private readonly RowChanges _changes;
    private readonly IOptions<LeaseSettings> _leases;
    private readonly TimeProvider _time;
    private readonly ILogger<ScheduleWatch> _logger;

    public ScheduleWatch(
        ScheduleStore store, ScheduleQueue queue, RowChanges changes, IOptions<LeaseSettings> leases, TimeProvider time, ILogger<ScheduleWatch> logger)
    {
        (_store, _queue, _changes, _leases, _time, _logger) = (store, queue, changes, leases, time, logger);
        changes.Changed += Tell;
    }

    /// <summary>Starts to watch a row.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="waits">Whether the result is waited for, which may change.</param>
    public Watching Open(string id, Func<bool> waits)
    {
        lock (_watched)
        {
            if (!_watched.TryGetValue(id, out var watched))
                _watched[id] = watched = new Watched(id, read => _store.ProgressAsync(read, CancellationToken.None));
            // A delegate that is shared would be removed for another.
            Func<bool> mine = () => waits();
            watched.Add(mine);
            return new Watching(watched, () => Close(id, watched, mine));
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _changes.Changed -= Tell;
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (period, told) = (TimeSpan.FromSeconds(_leases.Value.WaitedSeconds / 3), _time.GetTimestamp());
        var polled = told;
        while (true)
        {
            await Task.Delay(PollUntold, _time, stoppingToken);
            try
            {
                if (_time.GetElapsedTime(polled) >= (_changes.IsToldByDatabase ? PollTold : TimeSpan.Zero))
                {
                    polled = _time.GetTimestamp();
                    await PollAsync(stoppingToken);
                }

                if (_time.GetElapsedTime(told) < period) continue;
                told = _time.GetTimestamp();
                var waited = Present().Where(row => row.Watched.IsWaitedFor).Select(row => row.Id).ToList();
                if (waited.Count > 0) await _queue.WaitForAsync(waited, stoppingToken);
            }
            catch (Exception exception) when (StorageFault.Is(exception))
            {
                _logger.LogDebug(exception, "Watched rows could not be read.");
            }
        }
    }

    private async Task PollAsync(CancellationToken cancellation)
    {
        var present = Present();
        if (present.Count == 0) return;
        var revisions = await _store.RevisionsAsync([.. present.Select(row => row.Id)], cancellation);
        foreach (var (id, watched) in present)
        {
            if (watched.IsOlderThan(revisions.TryGetValue(id, out var revision) ? revision : null)) watched.Change();
        }
    }

    private List<(string Id, Watched Watched)> Present()
    {
        lock (_watched) return [.. _watched.Select(row => (row.Key, row.Value))];
    }

    private void Tell(string? id)
    {
        List<Watched> changed;
        lock (_watched) changed = id is null ? [.. _watched.Values] : _watched.TryGetValue(id, out var one) ? [one] : [];
        foreach (var watched in changed) watched.Change();
    }

    private void Close(string id, Watched watched, Func<bool> waits)
    {
        lock (_watched)
        {
            if (!watched.Remove(waits)) _watched.Remove(id);
        }
    }
}
