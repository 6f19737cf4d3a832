using Microsoft.AspNetCore.Mvc;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Schedules.Requests;

namespace ScheduleSearch.Api.Schedules;

internal static class ScheduleEndpoints
{
    /// <summary>The media types in which a schedule is answered, with the format of each; JSON has none.</summary>
    private static readonly OrderedDictionary<string, string?> Forms = new()
    {
        ["application/json"] = null,
        ["image/svg+xml"] = "svg",
        ["text/csv"] = "csv",
    };

    /// <summary>The media types in which a schedule is answered.</summary>
    public static IEnumerable<string> MediaTypes => Forms.Keys;

    /// <summary>Solving, and what became of it.</summary>
    public static IEndpointRouteBuilder MapSchedules(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/schedules").WithTags("Schedules").RequireAuthorization(AccessPolicies.Read).WithScheduleIds();
        group.MapPost("/solve", SolveAsync).WithName("solve").RequireAuthorization(AccessPolicies.Solve).Accepts<SolveRequest>("application/json")
            .WithSummary("Searches the best schedule of a profile.")
            .WithDescription("Answers within the time limit and a small grace, or as `Prefer: wait=N` or `Prefer: respond-async` says; then 202, and "
                + "Location says where to look.\n\n"
                + "The placement `best` tries all placements that `chunks` and its divisors allow, `explicit` excepted: each is a problem with its own "
                + "id in `alternatives`, the quick passes come first, and those that can still lead share the time limit. The answer's id stands for "
                + "the leader's schedule wherever an id is taken.\n\n"
                + "`callback` has the result's figures posted to a URL when the search has ended, where the server's settings allow the host: signed as the "
                + "Standard Webhooks specification has it, at least once, with the same `webhook-id` at every attempt.\n\n"
                + "`options.runtime` names the runtime that is to run the schedule: search, families and `best` stay within what it carries, and `launch` "
                + "has its flags and settings and says where the stream stands.\n\n"
                + "`format` has the schedule's instruction stream answered in the place of its JSON, as `/schedules/{id}/instructions` answers it; "
                + "Content-Location says where it stands.")
            .Produces<ScheduleAnswer>().Produces<ScheduleAnswer>(StatusCodes.Status202Accepted)
            .ProducesFaults(400, 409, 413, 415, 422, 429, 503);
        group.MapGet("/{id}", GetAsync).WithName("getSchedule")
            .WithSummary("A schedule, or the state of its search with the best so far.")
            .WithDescription("By the header Accept as JSON, as a picture (`image/svg+xml`) or as a table of the operations (`text/csv`).")
            .Produces<ScheduleAnswer>().Produces(StatusCodes.Status304NotModified).ProducesFaults(400, 404, 406, 409, 503);
        group.MapDelete("/{id}", DeleteAsync).WithName("cancelSearch").RequireAuthorization(AccessPolicies.Solve)
            .WithSummary("Stops a search: answers with the best so far, or `canceled` when there is none.")
            .Produces<ScheduleAnswer>().ProducesFaults(400, 404, 503);
        return routes;
    }

    private static async Task<IResult> SolveAsync(
        HttpContext context, [FromQuery] string? format, [FromQuery] string? version, RequestReader reader, SolveAnswers answers, TimeProvider time)
    {
        var arrival = await Arrival.NoteAsync(time);
        var stream = InstructionEndpoints.StreamInPlace(format, version);
        return await answers.OfAsync(context, "solve", await reader.ReadSolveAsync(context), arrival, stream);
    }

    private static async Task<IResult> GetAsync(HttpContext context, string id, CallersSchedules schedules, ScheduleCache cache, JobControl jobs)
    {
        var form = Forms[AcceptedType.Of(context, [.. Forms.Keys])];
        var stored = await schedules.FindAsync(context, id);
        if (stored.IsUnfinished) await jobs.PolledAsync(id, context.RequestAborted);
        if (form is not null) return await StreamAsync(context, id, InstructionEndpoints.Stream(form), schedules, cache);
        var view = await schedules.ViewAsync(context, stored);
        await schedules.KeepAsync(context, view);
        ScheduleLinks.Add(context, view);
        if (Revision.IsKnown(context, view.Version, immutable: false)) return Results.StatusCode(StatusCodes.Status304NotModified);
        if (stored.IsUnfinished) context.Response.Headers.RetryAfter = "1";
        return new ScheduleDocument(view, view.Status, cached: true);
    }

    // What stands at the URL that Content-Location then names: a picture has one of its own.
    internal static Task<IResult> StreamAsync(HttpContext context, string id, AskedStream asked, CallersSchedules schedules, ScheduleCache cache) =>
        asked.IsPicture
            ? PictureEndpoints.GetPictureAsync(context, id, PictureQuery.Whole with { Name = asked.Name }, schedules, cache)
            : InstructionEndpoints.AnswerAsync(context, id, asked, schedules, cache);

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, CallersSchedules schedules)
    {
        var view = await schedules.ViewAsync(context, await schedules.CancelAsync(context, id));
        ScheduleLinks.Add(context, view);
        return new ScheduleDocument(view, view.Status, cached: true);
    }
}
