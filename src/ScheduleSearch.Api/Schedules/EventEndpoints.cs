using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Schedules;

internal static class EventEndpoints
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>Searches to watch.</summary>
    public static IEndpointRouteBuilder MapEvents(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/schedules/{id}/events", WatchAsync).WithTags("Schedules")
            .WithSummary("Server-sent events of a search: one `progress` for each better schedule or bound, and `end` with the last.")
            .Produces<ProgressAnswer>(StatusCodes.Status200OK, "text/event-stream").ProducesFaults(404, 503);
        return routes;
    }

    private static async Task<IResult> WatchAsync(HttpContext context, string id, TrustedSchedules schedules, JobControl jobs, TimeProvider time)
    {
        var stored = await schedules.FindAsync(id, context.RequestAborted);
        return TypedResults.ServerSentEvents(Progress(stored, jobs, time, context.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<ProgressAnswer>> Progress(
        StoredSchedule stored, JobControl jobs, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            yield return new SseItem<ProgressAnswer>(Of(stored, time.GetElapsedTime(start)), stored.IsUnfinished ? "progress" : "end");
            if (!stored.IsUnfinished || jobs.IsStopping || await jobs.NextRevisionAsync(stored, Heartbeat, cancellation) is not { } next) yield break;
            stored = next;
        }
    }

    private static ProgressAnswer Of(StoredSchedule stored, TimeSpan elapsed) => new(
        stored.Status,
        stored.Incumbent,
        stored.Result.LowerBound,
        stored.Result.Gap,
        Math.Round(elapsed.TotalSeconds, 3));
}
