using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Evaluation.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Evaluations;

internal static class EvaluationEndpoints
{
    /// <summary>Lists of measured durations, and more than the rest needs.</summary>
    private static readonly JsonRoom Room = new(
        LongestArray: EvaluationJson.MostSamples, Elements: EvaluationJson.MostSamples, Members: 10_000);

    /// <summary>Stored schedules under durations that vary.</summary>
    public static IEndpointRouteBuilder MapEvaluations(this IEndpointRouteBuilder routes)
    {
        routes.MapGroup("/schedules/{id}").WithTags("Schedules").RequireAuthorization(AccessPolicies.Read).WithScheduleIds()
            .MapPost("/evaluate", EvaluateAsync).WithName("evaluate").Accepts<EvaluationRequest>("application/json")
            .WithSummary("Replays a schedule many times with durations that vary, and the published families beside it with the same ones.")
            .WithDescription("Mean and quantiles of the iteration, how often operations and links are critical, and how much longer devices and links may "
                + "take at no cost. The order of every device is the schedule's in each replay, so that its memory is too. `revision` is that of an "
                + "answer. Nothing is stored.")
            .Produces<EvaluationAnswer>().ProducesFaults(400, 404, 408, 409, 410, 413, 415, 422, 503);
        return routes;
    }

    private static async Task<Ok<EvaluationAnswer>> EvaluateAsync(
        HttpContext context, string id, [FromQuery] string? revision, RequestBody body, CallersSchedules schedules, ScheduleCache cache,
        Evaluations evaluations)
    {
        using var document = await body.ReadAsync(context, Room);
        var request = EvaluationJson.Read(document.Root);
        var stored = await schedules.FindScheduleAsync(context, id, InstructionEndpoints.Named(revision));
        var solution = await cache.SolutionOfAsync(stored, context.RequestAborted) ?? throw RequestFault.NoScheduleYet(stored);
        var evaluated = await evaluations.RunAsync(solution, request, context.RequestAborted);
        return TypedResults.Ok(EvaluationAnswer.Of(evaluated, request, stored.Revision));
    }
}
