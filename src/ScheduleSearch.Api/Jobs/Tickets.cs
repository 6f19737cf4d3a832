using System.Threading.Channels;
using Hangfire;
using Hangfire.States;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Jobs;

/// <summary>
/// The queues through which workers are called. A ticket says that a row waits in a lane, not which: whoever draws it takes the row of the lane
/// whose turn it is then. One ticket too many finds nothing to do, and the sweep makes up for one that was lost.
/// </summary>
/// <remarks>
/// Tickets are written by a thread of their own. The queues know no other calls than those that hold up their thread until the database has answered,
/// and the answers to all connections come through the threads that would be held up: many requests at once, each writing its own ticket, wait for
/// each other until the runtime has made threads enough, which takes half a minute.
/// </remarks>
internal sealed class Tickets(IServiceProvider services, ILogger<Tickets> logger) : IHostedService
{
    private readonly Channel<Lane> _offered = Channel.CreateUnbounded<Lane>(new UnboundedChannelOptions { SingleReader = true });
    private Task _writing = Task.CompletedTask;
    private volatile bool _stopping;

    /// <summary>The queue of a lane.</summary>
    public static string QueueOf(Lane lane) => lane switch
    {
        Lane.Quick => "quick",
        Lane.Search => "search",
        _ => "choice",
    };

    /// <summary>
    /// Calls a worker, soon. The row is in the table, so that a queue that cannot be reached only delays it; when the service stops, a sweep finds it here
    /// after the next start, or elsewhere.
    /// </summary>
    public void Offer(Lane lane) => _offered.Writer.TryWrite(lane);

    /// <summary>Tickets of a lane that nobody has drawn.</summary>
    public long Count(Lane lane) => services.GetRequiredService<JobStorage>().GetMonitoringApi().EnqueuedCount(QueueOf(lane));

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _writing = Task.Factory.StartNew(WriteAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        _offered.Writer.TryComplete();
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void WriteAll()
    {
        while (!_stopping && _offered.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (!_stopping && _offered.Reader.TryRead(out var lane)) Write(lane);
        }
    }

    private void Write(Lane lane)
    {
        try
        {
            services.GetRequiredService<IBackgroundJobClient>()
                .Create<LaneWork>(work => work.RunAsync(lane, CancellationToken.None), new EnqueuedState(QueueOf(lane)));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.LogWarning("No worker could be called; the sweep will. {Reason}", StorageFault.ReasonOf(exception));
        }
    }
}
