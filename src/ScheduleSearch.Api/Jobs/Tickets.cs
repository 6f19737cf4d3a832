using Hangfire;
using Hangfire.States;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Jobs;

/// <summary>
/// The queues through which workers are called. A ticket says that a row waits in a lane, not which: whoever draws it takes the row of the lane
/// whose turn it is then. One ticket too many finds nothing to do, and the sweep makes up for one that was lost.
/// </summary>
internal sealed class Tickets(IServiceProvider services, ILogger<Tickets> logger)
{
    /// <summary>The queue of a lane.</summary>
    public static string QueueOf(Lane lane) => lane switch
    {
        Lane.Quick => "quick",
        Lane.Search => "search",
        _ => "choice",
    };

    /// <summary>Calls a worker. The row is in the table, so that a queue that cannot be reached only delays it.</summary>
    public void Offer(Lane lane)
    {
        try
        {
            services.GetRequiredService<IBackgroundJobClient>()
                .Create<LaneWork>(work => work.RunAsync(lane, CancellationToken.None), new EnqueuedState(QueueOf(lane)));
        }
        catch (Exception exception) when (exception is BackgroundJobClientException || StorageFault.Is(exception))
        {
            logger.LogWarning("No worker could be called; the sweep will. {Reason}", StorageFault.ReasonOf(exception));
        }
    }

    /// <summary>Tickets of a lane that nobody has drawn.</summary>
    public long Count(Lane lane) => services.GetRequiredService<JobStorage>().GetMonitoringApi().EnqueuedCount(QueueOf(lane));
}
