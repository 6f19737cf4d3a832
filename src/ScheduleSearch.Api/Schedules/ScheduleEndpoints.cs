using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Schedules.Requests;

namespace ScheduleSearch.Api.Schedules;

internal static class ScheduleEndpoints
{
    /// <summary>Solving, and what became of it.</summary>
    public static IEndpointRouteBuilder MapSchedules(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/schedules").WithTags("Schedules");
        group.MapPost("/solve", SolveAsync).Accepts<SolveRequest>("application/json")
            .WithSummary("Searches the best schedule of a profile.")
            .WithDescription("Answers within the time limit and a small grace, or as `Prefer: wait=N` or `Prefer: respond-async` says; then 202, and Location says where to look.\n\n"
                + "The placement `best` tries all placements that `chunks` and its divisors allow, `explicit` excepted: each is a problem with its own id in `alternatives`, the quick "
                + "passes come first, and those that can still lead share the time limit. The answer's id stands for the leader's schedule wherever an id is taken.")
            .Produces<ScheduleAnswer>().Produces<ScheduleAnswer>(StatusCodes.Status202Accepted)
            .ProducesFaults(400, 413, 415, 422, 429, 503);
        group.MapGet("/{id}", GetAsync)
            .WithSummary("A schedule, or the state of its search with the best so far.")
            .Produces<ScheduleAnswer>().Produces(StatusCodes.Status304NotModified).ProducesFaults(404, 503);
        group.MapDelete("/{id}", DeleteAsync)
            .WithSummary("Stops a search: answers with the best so far, or `canceled` when there is none.")
            .Produces<ScheduleAnswer>().ProducesFaults(404, 503);
        return routes;
    }

    private static async Task<IResult> SolveAsync(HttpContext context, RequestReader reader, Solving solving, ScheduleJobs jobs)
    {
        var (request, options) = await reader.ReadSolveAsync(context);
        var wait = Preference.Wait(context, jobs.WaitFor(options));
        var (row, isDone, cached) = await solving.SolveAsync(request, options, wait, context.RequestAborted);
        var view = await solving.ViewAsync(row, context.RequestAborted);
        if (isDone) return new ScheduleDocument(view, row.IsUnfinished ? view.Reached : view.Status, cached);
        context.Response.Headers.Location = $"/schedules/{row.Id}";
        context.Response.Headers.RetryAfter = "1";
        return new ScheduleDocument(view, view.Status, cached, StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> GetAsync(HttpContext context, string id, Solving solving)
    {
        var row = await solving.FindAsync(id, context.RequestAborted);
        var view = await solving.ViewAsync(row, context.RequestAborted);
        if (Revision.IsKnown(context, view.Version, immutable: false)) return Results.StatusCode(StatusCodes.Status304NotModified);
        if (row.IsUnfinished) context.Response.Headers.RetryAfter = "1";
        return new ScheduleDocument(view, view.Status, cached: true);
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, Solving solving, ScheduleJobs jobs)
    {
        await solving.FindAsync(id, context.RequestAborted);
        await jobs.CancelAsync(id, context.RequestAborted);
        var view = await solving.ViewAsync(await solving.FindAsync(id, context.RequestAborted), context.RequestAborted);
        return new ScheduleDocument(view, view.Status, cached: true);
    }
}
