using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ScheduleSearch.Api.Access;
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
        routes.MapGet("/schedules/{id}/events", WatchAsync).WithName("watchSearch").WithTags("Schedules")
            .RequireAuthorization(AccessPolicies.Read).WithScheduleIds()
            .WithSummary("Server-sent events of a search: one `progress` for each better schedule or bound, and `end` with the last.")
            .Produces<ProgressAnswer>(StatusCodes.Status200OK, "text/event-stream").ProducesFaults(404, 503);
        return routes;
    }

    private static async Task<IResult> WatchAsync(HttpContext context, string id, CallersSchedules schedules, JobControl jobs, TimeProvider time)
    {
        var stored = await schedules.FindAsync(context, id);
        return TypedResults.ServerSentEvents(ProgressOf(stored.Progress, jobs, time, context.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<ProgressAnswer>> ProgressOf(
        Progress progress, JobControl jobs, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        using var watching = jobs.Watch(progress.Version.Id);
        while (true)
        {
            yield return new SseItem<ProgressAnswer>(Of(progress, time.GetElapsedTime(start)), progress.IsUnfinished ? "progress" : "end");
            if (!progress.IsUnfinished || jobs.IsStopping || await jobs.NextAsync(watching, progress, Heartbeat, cancellation) is not { } next) yield break;
            progress = next;
        }
    }

    private static ProgressAnswer Of(Progress progress, TimeSpan elapsed) => new(
        progress.Status,
        progress.Incumbent,
        progress.LowerBound,
        progress.Gap,
        Math.Round(elapsed.TotalSeconds, 3));
}
