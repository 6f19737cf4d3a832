using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Estimates;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Core.Estimates.Json;
using ScheduleSearch.Core.Estimates.Requests;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Plans;

internal static class PlanEndpoints
{
    /// <summary>Most plans of a request: to put the nodes of each in order takes up to some hundredths of a second.</summary>
    private const int MostPlans = 256;

    /// <summary>How a model is divided among the devices of a cluster.</summary>
    public static IEndpointRouteBuilder MapPlans(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/plans", PostAsync).WithName("plan").WithTags("Plans").RequireAuthorization(AccessPolicies.Solve)
            .Accepts<PlanRequest>("application/json")
            .WithSummary("Tensor, pipeline and data parallel sizes of a model on a cluster, estimated, ranked and searched.")
            .WithDescription("`base` is a request for an estimate without the sizes that vary. Every division of the cluster's devices is a row: its memory "
                + "under 1F1B rules out what does not fit, Pipette's formula ranks the others, and where links between nodes are measured it says which node "
                + "stands where. The best ones are searched, each an ordinary search under its own id, and the simulated iteration with the sums of gradients "
                + "decides between them. Answers when they are searched or the time limit, which is for all of them together, is over; asked again, it goes "
                + "on from what was found.")
            .Produces<PlanAnswer>().ProducesFaults(400, 408, 413, 415, 422, 429, 503);
        return routes;
    }

    private static async Task<Ok<PlanAnswer>> PostAsync(
        HttpContext context, RequestBody body, RequestReader reader, PlanSearch search, IOptions<LimitSettings> limits, TimeProvider time)
    {
        var arrival = await Arrival.NoteAsync(time);
        var request = await ReadAsync(context, body, reader, limits.Value);
        return TypedResults.Ok(await search.RunAsync(context, request, new Deadline(arrival, TimeSpan.FromSeconds(request.Options.TimeLimitSeconds))));
    }

    private static async Task<PlanRequest> ReadAsync(HttpContext context, RequestBody body, RequestReader reader, LimitSettings limits)
    {
        using var document = await body.ReadAsync(context, EstimateEndpoints.Room);
        var request = PlanJson.Read(document.Root, limits.OfProblems(), MostPlans);
        var errors = new List<ProfileError>();
        reader.CheckBudget(request.Options, errors);
        return errors.Count == 0 ? request : throw new InvalidProfileException(errors);
    }
}
