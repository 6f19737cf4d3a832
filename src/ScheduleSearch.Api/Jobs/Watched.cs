using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Jobs;

/// <summary>A row that is watched: all who watch it share one read of each change.</summary>
internal sealed class Watched(string id, Func<string, Task<Progress?>> read)
{
    private readonly Lock _guard = new();
    private readonly List<Func<bool>> _waiting = [];
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<Progress?>? _present;

    /// <summary>Ends at the next change. Taken before the row is read, no change is missed.</summary>
    public Task Next
    {
        get
        {
            lock (_guard) return _next.Task;
        }
    }

    /// <summary>Whether what was read since the last change is not what a revision says; null stands for no row.</summary>
    public bool IsOlderThan(int? revision)
    {
        lock (_guard) return _present is { IsCompletedSuccessfully: true } read && read.Result?.Version.Revision != revision;
    }

    /// <summary>Whether one who watches waits for the result.</summary>
    public bool IsWaitedFor
    {
        get
        {
            lock (_guard) return _waiting.Any(waits => waits());
        }
    }

    /// <summary>Adds one who watches.</summary>
    public void Add(Func<bool> waits)
    {
        lock (_guard) _waiting.Add(waits);
    }

    /// <summary>Removes one who watches.</summary>
    /// <returns>Whether somebody still does.</returns>
    public bool Remove(Func<bool> waits)
    {
        lock (_guard)
        {
            _waiting.Remove(waits);
            return _waiting.Count > 0;
        }
    }

    /// <summary>What the row says since its last change.</summary>
    public Task<Progress?> ReadAsync()
    {
        lock (_guard)
        {
            if (_present is null or { IsFaulted: true }) _present = read(id);
            return _present;
        }
    }

    /// <summary>Tells all who watch that the row has changed.</summary>
    public void Change()
    {
        TaskCompletionSource changed;
        lock (_guard)
        {
            _present = null;
            changed = _next;
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }
}
