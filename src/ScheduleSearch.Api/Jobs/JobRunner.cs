using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Jobs;

/// <summary>
/// Runs the searches of this process, a bounded number at a time, each in its own task. Rows that an earlier process left unfinished are
/// taken up at start.
/// </summary>
internal sealed class JobRunner(
    IServiceProvider services, ScheduleStore store, StorageStartup storage, IHostApplicationLifetime lifetime, IOptions<JobSettings> settings,
    TimeProvider time, ILogger<JobRunner> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<string, SearchJob> _jobs = new();
    private readonly ConcurrentDictionary<Task, SearchJob> _running = new();

    /// <summary>The unfinished search of a problem in this process; null when there is none.</summary>
    public SearchJob? Find(string id) => _jobs.GetValueOrDefault(id);

    /// <summary>Reserves a problem for the caller, who then starts or gives up the search.</summary>
    /// <param name="id">The problem.</param>
    /// <param name="job">The search.</param>
    /// <param name="isPart">Whether it is a part of a search that counts already: then no limit keeps it, or parts could wait for each other's wholes.</param>
    /// <returns>False when there is a search of this problem already: <paramref name="job"/> is that one.</returns>
    /// <exception cref="BusyException">There are as many unfinished searches as the settings allow.</exception>
    public bool TryReserve(string id, out SearchJob job, bool isPart = false)
    {
        var mine = new SearchJob(id);
        job = _jobs.GetOrAdd(id, mine);
        if (job != mine)
        {
            mine.Dispose();
            return false;
        }

        if (isPart || _jobs.Count <= settings.Value.MaxUnfinished) return true;
        GiveUp(mine);
        throw new BusyException();
    }

    /// <summary>Gives up a reserved search.</summary>
    public void GiveUp(SearchJob job)
    {
        _jobs.TryRemove(KeyValuePair.Create(job.Id, job));
        job.Dispose();
    }

    /// <summary>Starts a reserved search whose row is queued.</summary>
    public void Start(SearchJob job)
    {
        job.MarkQueued();
        // Started only once it is listed, so that a shutdown waits for it.
        var task = new Task<Task>(() => RunAsync(job));
        var whole = task.Unwrap();
        _running[whole] = job;
        _ = whole.ContinueWith(ended => _running.TryRemove(ended, out _), TaskScheduler.Default);
        task.Start(TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_running.Keys).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await storage.Ready.WaitAsync(stoppingToken);
        var unfinished = await StorageFault.OutlastAsync(() => store.UnfinishedAsync(stoppingToken), time, logger, stoppingToken);
        foreach (var id in unfinished)
        {
            var job = new SearchJob(id);
            if (_jobs.TryAdd(id, job)) Start(job);
            else job.Dispose();
        }
    }

    private async Task RunAsync(SearchJob job)
    {
        try
        {
            await ActivatorUtilities.CreateInstance<SearchRun>(services, job).RunAsync(lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The row stays queued, and the next start goes on with it.
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "The search of {Id} ended by a defect.", job.Id);
        }
        finally
        {
            GiveUp(job);
        }
    }
}
