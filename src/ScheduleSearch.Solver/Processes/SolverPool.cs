using System.Collections.Concurrent;
using System.Diagnostics;

namespace ScheduleSearch.Solver.Processes;

/// <summary>
/// Keeps children warm between searches: until a new one has its code compiled and CP-SAT loaded, it takes a second of a core, and more on a busy
/// machine.
/// </summary>
internal sealed class SolverPool(SolverSettings settings, Action<string> report) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<SolverChild> _idle = [];
    private readonly ConcurrentDictionary<SolverChild, int> _ids = new();
    private bool _disposed;

    /// <summary>Resident memory in bytes of each child that runs, searching or kept warm.</summary>
    public IReadOnlyList<long> Memory => [.. _ids.Values.Select(MemoryOf).OfType<long>()];

    /// <summary>Starts children until as many stand by as the settings keep warm.</summary>
    public void Fill()
    {
        while (true)
        {
            lock (_lock)
            {
                if (_disposed || _idle.Count >= settings.WarmChildren) return;
                _idle.Add(Start());
            }
        }
    }

    /// <summary>Whether a child stands by, once the first of those that do is warm or gone.</summary>
    public async Task<bool> IsWarmAsync()
    {
        Task<bool>? first;
        lock (_lock) first = _idle.FirstOrDefault()?.Warm;
        return first is not null && await first;
    }

    /// <summary>A child that is warm, else the one that will be first, else a new one.</summary>
    public SolverChild Rent()
    {
        lock (_lock)
        {
            foreach (var dead in _idle.Where(child => !child.IsAlive).ToList())
            {
                _idle.Remove(dead);
                End(dead);
            }

            if ((_idle.Find(child => child.IsWarm) ?? _idle.FirstOrDefault()) is not { } first) return Start();
            _idle.Remove(first);
            return first;
        }
    }

    /// <summary>Takes a child back whose search is done, or which is not warm yet.</summary>
    public void Return(SolverChild child)
    {
        lock (_lock)
        {
            if (!_disposed && child.IsAlive && _idle.Count < settings.WarmChildren)
            {
                _idle.Add(child);
                return;
            }
        }

        End(child);
    }

    /// <summary>Ends a child that cannot take another search, without waiting for it, and warms another one in its place.</summary>
    public void Replace(SolverChild child)
    {
        child.Kill();
        _ = Task.Run(() => End(child));
        Fill();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var child in _idle) End(child);
            _idle.Clear();
        }
    }

    private SolverChild Start()
    {
        var child = SolverChild.Start(settings, report);
        _ids[child] = child.Id;
        return child;
    }

    private void End(SolverChild child)
    {
        _ids.TryRemove(child, out _);
        child.Dispose();
    }

    /// <summary>By the id alone: the child's own object belongs to its search.</summary>
    private static long? MemoryOf(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.WorkingSet64;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
