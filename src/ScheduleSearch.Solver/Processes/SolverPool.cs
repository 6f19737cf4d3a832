using System.Collections.Concurrent;

namespace ScheduleSearch.Solver.Processes;

/// <summary>Keeps children warm between searches: a cold start costs a quarter of a second.</summary>
internal sealed class SolverPool(SolverSettings settings, Action<string> report) : IDisposable
{
    private readonly ConcurrentBag<SolverChild> _idle = [];
    private volatile bool _disposed;

    /// <summary>A child that is ready to search.</summary>
    public SolverChild Rent()
    {
        while (_idle.TryTake(out var child))
        {
            if (child.IsAlive) return child;
            child.Dispose();
        }

        return SolverChild.Start(settings, report);
    }

    /// <summary>Takes a child back whose search is done.</summary>
    public void Return(SolverChild child)
    {
        if (_disposed || !child.IsAlive || _idle.Count >= settings.WarmChildren) child.Dispose();
        else _idle.Add(child);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var child)) child.Dispose();
    }
}
