using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Profiles.Json;

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

    private static async Task<IResult> WatchAsync(HttpContext context, string id, Solving solving, ScheduleJobs jobs, TimeProvider time)
    {
        var row = await solving.FindAsync(id, context.RequestAborted);
        return TypedResults.ServerSentEvents(Progress(row, jobs, time, context.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<ProgressAnswer>> Progress(
        ScheduleRow row, ScheduleJobs jobs, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            yield return new SseItem<ProgressAnswer>(Of(row, time.GetElapsedTime(start)), row.IsUnfinished ? "progress" : "end");
            if (!row.IsUnfinished || jobs.IsStopping || await jobs.NextRevisionAsync(row, Heartbeat, cancellation) is not { } next) yield break;
            row = next;
        }
    }

    private static ProgressAnswer Of(ScheduleRow row, TimeSpan elapsed) => new(
        row.Status,
        row.Objective == ProfileJson.NameOf(Core.Profiles.Objective.Makespan) ? row.Makespan : row.Span,
        row.LowerBound,
        row.Gap,
        Math.Round(elapsed.TotalSeconds, 3));
}
