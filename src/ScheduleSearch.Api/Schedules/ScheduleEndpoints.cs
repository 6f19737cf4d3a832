using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Callbacks;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Schedules;

internal static class ScheduleEndpoints
{
    /// <summary>Solving, and what became of it.</summary>
    public static IEndpointRouteBuilder MapSchedules(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/schedules").WithTags("Schedules").RequireAuthorization(AccessPolicies.Read);
        group.MapPost("/solve", SolveAsync).WithName("solve").RequireAuthorization(AccessPolicies.Solve).Accepts<SolveRequest>("application/json")
            .WithSummary("Searches the best schedule of a profile.")
            .WithDescription("Answers within the time limit and a small grace, or as `Prefer: wait=N` or `Prefer: respond-async` says; then 202, and "
                + "Location says where to look.\n\n"
                + "The placement `best` tries all placements that `chunks` and its divisors allow, `explicit` excepted: each is a problem with its own "
                + "id in `alternatives`, the quick passes come first, and those that can still lead share the time limit. The answer's id stands for "
                + "the leader's schedule wherever an id is taken.\n\n"
                + "`callback` has the result's figures posted to a URL when the search has ended, where the server's settings allow the host: signed as the "
                + "Standard Webhooks specification has it, at least once, with the same `webhook-id` at every attempt.")
            .Produces<ScheduleAnswer>().Produces<ScheduleAnswer>(StatusCodes.Status202Accepted)
            .ProducesFaults(400, 413, 415, 422, 429, 503);
        group.MapGet("/{id}", GetAsync).WithName("getSchedule")
            .WithSummary("A schedule, or the state of its search with the best so far.")
            .Produces<ScheduleAnswer>().Produces(StatusCodes.Status304NotModified).ProducesFaults(404, 503);
        group.MapDelete("/{id}", DeleteAsync).WithName("cancelSearch").RequireAuthorization(AccessPolicies.Solve)
            .WithSummary("Stops a search: answers with the best so far, or `canceled` when there is none.")
            .Produces<ScheduleAnswer>().ProducesFaults(404, 503);
        return routes;
    }

    private static async Task<IResult> SolveAsync(
        HttpContext context, RequestReader reader, CallersSchedules schedules, JobControl jobs, CallbackStore callbacks, TimeProvider time)
    {
        var arrival = await Arrival.NoteAsync(time);
        var (submission, options, callback) = await reader.ReadSolveAsync(context);
        var deadline = new Deadline(arrival, Preference.Wait(context, jobs.WaitFor(options)));
        var (stored, isDone, cached) = await schedules.SolveAsync(context, "solve", submission, options, deadline, ExpectAsync);
        var view = await schedules.ViewAsync(context, stored);
        await schedules.KeepAsync(context, view);
        if (isDone) return new ScheduleDocument(view, stored.IsUnfinished ? view.Reached : view.Status, cached);
        context.Response.Headers.Location = $"/schedules/{stored.Id}";
        context.Response.Headers.RetryAfter = "1";
        return new ScheduleDocument(view, view.Status, cached, StatusCodes.Status202Accepted);

        // What is submitted is searched whether the client stays or leaves, and so is told of.
        Task ExpectAsync() => callback is null
            ? Task.CompletedTask
            : callbacks.AddAsync(submission.Id, callback, Budget.Of(options), CancellationToken.None);
    }

    private static async Task<IResult> GetAsync(HttpContext context, string id, CallersSchedules schedules, JobControl jobs)
    {
        var stored = await schedules.FindAsync(context, id);
        if (stored.IsUnfinished) await jobs.PolledAsync(id, context.RequestAborted);
        var view = await schedules.ViewAsync(context, stored);
        await schedules.KeepAsync(context, view);
        if (Revision.IsKnown(context, view.Version, immutable: false)) return Results.StatusCode(StatusCodes.Status304NotModified);
        if (stored.IsUnfinished) context.Response.Headers.RetryAfter = "1";
        return new ScheduleDocument(view, view.Status, cached: true);
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, CallersSchedules schedules)
    {
        var view = await schedules.ViewAsync(context, await schedules.CancelAsync(context, id));
        return new ScheduleDocument(view, view.Status, cached: true);
    }
}
