namespace ScheduleSearch.Api.Jobs;

/// <summary>
/// A search that this process carries out, from the moment its row is being queued. Requests watch it; whether they leave makes no difference
/// to it.
/// </summary>
internal sealed class Job(string id) : IDisposable
{
    private readonly CancellationTokenSource _canceled = new();
    private readonly TaskCompletionSource _queued = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id { get; } = id;

    /// <summary>Ends when the row is in the table, or could not be put there.</summary>
    public Task Queued => _queued.Task;

    /// <summary>Ends at the next change of the row. Taken before the row is read, no change is missed.</summary>
    public Task NextChange => Volatile.Read(ref _changed).Task;

    /// <summary>Canceled when somebody asked to stop this search.</summary>
    public CancellationToken Canceled => _canceled.Token;

    public void MarkQueued() => _queued.TrySetResult();

    public void Announce() =>
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    public void Cancel() => _canceled.Cancel();

    public void Dispose()
    {
        _queued.TrySetResult();
        Announce();
        _canceled.Dispose();
    }
}
