using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Portfolio;

/// <summary>Cancels its token when a board's best schedule has stayed the same for some time.</summary>
internal sealed class StallWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly SearchBoard _board;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stalled;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private long _best;
    private long _since;
    private bool _disposed;

    /// <summary>Starts to watch.</summary>
    /// <param name="board">The board.</param>
    /// <param name="patience">How long the best schedule may stay the same.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Cancels the token too.</param>
    public StallWatch(SearchBoard board, TimeSpan patience, TimeProvider time, CancellationToken stop)
    {
        (_board, _patience, _time) = (board, patience, time);
        _stalled = CancellationTokenSource.CreateLinkedTokenSource(stop);
        (_best, _since) = (board.Best.Objective, time.GetTimestamp());
        _timer = time.CreateTimer(_ => Look(), null, Interval, Interval);
    }

    /// <summary>Canceled when nothing has improved for too long.</summary>
    public CancellationToken Stalled => _stalled.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        // A look that has begun may still cancel, so it is waited for.
        lock (_lock) _disposed = true;
        _stalled.Dispose();
    }

    private void Look()
    {
        lock (_lock)
        {
            if (_disposed) return;
            if (_board.Best.Objective < _best) (_best, _since) = (_board.Best.Objective, _time.GetTimestamp());
            else if (_time.GetElapsedTime(_since) > _patience) _stalled.Cancel();
        }
    }
}
