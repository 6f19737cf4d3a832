using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Portfolio;

/// <summary>Cancels its token when a board's best schedule has stayed the same for some time.</summary>
internal sealed class StallWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stalled;
    private readonly Timer _timer;

    /// <summary>Starts to watch.</summary>
    /// <param name="board">The board.</param>
    /// <param name="patience">How long the best schedule may stay the same.</param>
    /// <param name="stop">Cancels the token too.</param>
    public StallWatch(SearchBoard board, TimeSpan patience, CancellationToken stop)
    {
        _stalled = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var (best, since) = (board.Best.Objective, Environment.TickCount64);
        _timer = new Timer(
            _ =>
            {
                if (board.Best.Objective < best) (best, since) = (board.Best.Objective, Environment.TickCount64);
                else if (Environment.TickCount64 - since > patience.TotalMilliseconds) _stalled.Cancel();
            },
            null,
            Interval,
            Interval);
    }

    /// <summary>Canceled when nothing has improved for too long.</summary>
    public CancellationToken Stalled => _stalled.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        // A tick that runs already may still cancel, so it is waited for.
        using var ended = new ManualResetEvent(false);
        if (_timer.Dispose(ended)) ended.WaitOne();
        _stalled.Dispose();
    }
}
