using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Jobs;

/// <summary>
/// Runs the jobs of this process, a bounded number at a time, each in its own task. Rows that an earlier process left unfinished are taken up
/// at start.
/// </summary>
internal sealed class JobRunner(
    IServiceProvider services, ScheduleStore store, StorageStartup storage, IHostApplicationLifetime lifetime, IOptions<JobSettings> settings,
    TimeProvider time, ILogger<JobRunner> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<string, Job> _jobs = new();
    private readonly ConcurrentDictionary<Task, Job> _running = new();

    /// <summary>The unfinished job of an id; null when there is none.</summary>
    public Job? Find(string id) => _jobs.GetValueOrDefault(id);

    /// <summary>Reserves an id for the caller, who then starts or gives up the job.</summary>
    /// <param name="id">The id of a problem or a choice.</param>
    /// <param name="job">The job.</param>
    /// <param name="isPart">Whether it is a part of a job that counts already: then no limit keeps it, or parts could wait for each other's wholes.</param>
    /// <returns>False when there is a job of this id already: <paramref name="job"/> is that one.</returns>
    /// <exception cref="BusyException">There are as many unfinished jobs as the settings allow.</exception>
    public bool TryReserve(string id, out Job job, bool isPart = false)
    {
        var mine = new Job(id);
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

    /// <summary>Gives up a reserved job.</summary>
    public void GiveUp(Job job)
    {
        _jobs.TryRemove(KeyValuePair.Create(job.Id, job));
        job.Dispose();
    }

    /// <summary>Starts a reserved job whose row is queued.</summary>
    public void Start(Job job)
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
            var job = new Job(id);
            if (_jobs.TryAdd(id, job)) Start(job);
            else job.Dispose();
        }
    }

    private async Task RunAsync(Job job)
    {
        try
        {
            await services.GetRequiredService<Attempts>().RunAsync(job, lifetime.ApplicationStopping);
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
