using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Batches;

/// <summary>The states of a request of a batch, beside those in which a search ends.</summary>
internal static class BatchStatus
{
    /// <summary>It waits for room among the searches.</summary>
    public const string Waiting = "waiting";

    /// <summary>Its schedule's row says how far it is.</summary>
    public const string Submitted = "submitted";

    /// <summary>A batch, some requests of which are not done.</summary>
    public const string Running = "running";

    /// <summary>A batch, all requests of which are done.</summary>
    public const string Done = "done";

    /// <summary>A batch that was stopped.</summary>
    public const string Canceled = ScheduleStatus.Canceled;

    /// <summary>The states, as they are counted, of requests that are not done.</summary>
    public static IReadOnlyList<string> NotDone { get; } = [Waiting, ScheduleStatus.Queued, ScheduleStatus.Running];
}
