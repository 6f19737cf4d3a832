using System.Collections.Concurrent;

namespace ScheduleSearch.Solver.Processes;

/// <summary>Keeps children warm between searches: a cold start costs a quarter of a second.</summary>
internal sealed class SolverPool(SolverSettings settings, Action<string> report) : IDisposable
{
    private readonly ConcurrentBag<SolverProcess> _idle = [];
    private volatile bool _disposed;

    /// <summary>A child that is ready to search.</summary>
    public SolverProcess Rent()
    {
        while (_idle.TryTake(out var process))
        {
            if (process.IsAlive) return process;
            process.Dispose();
        }

        return SolverProcess.Start(settings, report);
    }

    /// <summary>Takes a child back whose search is done.</summary>
    public void Return(SolverProcess process)
    {
        if (_disposed || !process.IsAlive || _idle.Count >= settings.WarmChildren) process.Dispose();
        else _idle.Add(process);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var process)) process.Dispose();
    }
}
