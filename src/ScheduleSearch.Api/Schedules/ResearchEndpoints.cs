using Microsoft.AspNetCore.Mvc;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Solver.Search.Local;

namespace ScheduleSearch.Api.Schedules;

internal static class ResearchEndpoints
{
    /// <summary>Stored schedules searched again with other times or limits.</summary>
    public static IEndpointRouteBuilder MapResearch(this IEndpointRouteBuilder routes)
    {
        routes.MapGroup("/schedules/{id}").WithTags("Schedules").RequireAuthorization(AccessPolicies.Read).WithScheduleIds()
            .MapPost("/research", ResearchAsync).WithName("research").RequireAuthorization(AccessPolicies.Solve)
            .Accepts<ResearchRequest>("application/json")
            .WithSummary("Searches a schedule again with other times or limits, from its own order on.")
            .WithDescription("`profile` is a whole profile, or without `pipeline` the members that change. The shape has to be the schedule's: devices, "
                + "chunks, placement, microbatches, slices and features. The schedule's order is replayed with the new times, brought within the new limits "
                + "where it holds more, verified, and stored as the first answer of the changed profile before anything is searched. All else is as in "
                + "solve: the answer is that of the changed profile under its own id.")
            .Produces<ScheduleAnswer>().Produces<ScheduleAnswer>(StatusCodes.Status202Accepted)
            .ProducesFaults(400, 404, 408, 409, 410, 413, 415, 422, 429, 503);
        return routes;
    }

    private static async Task<IResult> ResearchAsync(
        HttpContext context, string id, [FromQuery] string? revision, ResearchReader reader, CallersSchedules schedules, ScheduleCache cache,
        SolveAnswers answers, TimeProvider time)
    {
        var arrival = await Arrival.NoteAsync(time);
        var asked = await reader.ReadAsync(context);
        var stored = await schedules.FindScheduleAsync(context, id, InstructionEndpoints.Named(revision));
        var solution = await cache.SolutionOfAsync(stored, context.RequestAborted) ?? throw RequestFault.NoScheduleYet(stored);
        var request = reader.Merge(asked, stored.Request, solution.Problem);
        var start = await Task.Run(
            () => CarriedOrder.Of(request.Submission.Asked!.Problem, stored.Result.Order!, solution.Method), context.RequestAborted);
        return await answers.OfAsync(context, "research", request, arrival, start: start);
    }
}
