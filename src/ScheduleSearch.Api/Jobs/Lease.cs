using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Jobs;

/// <summary>
/// An attempt's hold on its row: it is renewed while the attempt lasts, and canceled when somebody asks to stop the search, when another's turn has
/// come or when the row is lost.
/// </summary>
internal sealed class Lease : IAsyncDisposable
{
    private readonly StoredSchedule _stored;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ended;
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenRegistration _stopping;
    private readonly Task _keeping;
    private readonly Lock _guard = new();
    private long? _searchStart;

    /// <summary>Starts to keep a row.</summary>
    /// <param name="stored">The row as this attempt took it.</param>
    /// <param name="keep">Keeps it until the token is canceled.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">Canceled when the service stops.</param>
    public Lease(StoredSchedule stored, Func<Lease, CancellationToken, Task> keep, TimeProvider time, CancellationToken stopping)
    {
        (_stored, _time, _ended) = (stored, time, new CancellationTokenSource());
        _stopping = stopping.Register(() => End(Ending.ServiceStops));
        _keeping = keep(this, _closed.Token);
    }

    /// <summary>Canceled when the attempt has to end.</summary>
    public CancellationToken Token => _ended.Token;

    /// <summary>Why the attempt has to end.</summary>
    public Ending Ending { get; private set; }

    /// <summary>Whether somebody waits for the result.</summary>
    public bool IsWaitedFor { get; set; } = true;

    /// <summary>How long the present search has lasted; null when there is none that could give way.</summary>
    public TimeSpan? Searched
    {
        get
        {
            lock (_guard) return _searchStart is { } start ? _time.GetElapsedTime(start) : null;
        }
    }

    /// <summary>What has been spent until now, the present search included.</summary>
    public Spending Spent
    {
        get
        {
            lock (_guard)
            {
                var seconds = _searchStart is { } start ? _time.GetElapsedTime(start).TotalSeconds : 0;
                var spent = _stored.Spent;
                return spent with { Seconds = Math.Min(_stored.Asked.Seconds, spent.Seconds + seconds), SolveSeconds = spent.SolveSeconds + seconds };
            }
        }
    }

    /// <summary>Carries out a search whose time counts and which gives way to another.</summary>
    public async Task<T> SearchAsync<T>(Func<Task<T>> search)
    {
        lock (_guard) _searchStart = _time.GetTimestamp();
        try
        {
            return await search();
        }
        finally
        {
            lock (_guard) _searchStart = null;
        }
    }

    /// <summary>Has the attempt end; the first reason counts.</summary>
    public void End(Ending ending)
    {
        lock (_guard)
        {
            if (Ending != Ending.None) return;
            Ending = ending;
        }

        _ended.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.DisposeAsync();
        await _closed.CancelAsync();
        await _keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closed.Dispose();
        _ended.Dispose();
    }
}
