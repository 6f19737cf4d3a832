using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Core.Features.Layers.Replicas;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Plans;

internal static class ReplicaEndpoints
{
    /// <summary>A profile of layers, with a number for each of these beside it.</summary>
    private static readonly JsonRoom Room = new(LongestArray: 10_000, Elements: 100_000, Members: 100_000);

    /// <summary>Stages that stand on several devices each.</summary>
    public static IEndpointRouteBuilder MapReplicas(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/plans/replicas", CompareAsync).WithName("compareReplicas").WithTags("Plans").RequireAuthorization(AccessPolicies.Read)
            .Accepts<ReplicaRequest>("application/json")
            .WithSummary("Which stages would best stand on several devices each, after PipeDream.")
            .WithDescription("An analysis: schedules are of stages that stand on one device. Over all ways to deal a profile's layers out to stages and its "
                + "devices to these, the one whose slowest stage takes least of an iteration, beside the best pipeline without replicas and beside data "
                + "parallelism alone. It leaves out warm-up and cool-down, and takes work, messages and sums of gradients to hide behind the slowest of "
                + "them. Nothing is stored.")
            .Produces<ReplicaComparison>().ProducesFaults(400, 408, 413, 415, 422, 503);
        return routes;
    }

    private static async Task<Ok<ReplicaComparison>> CompareAsync(HttpContext context, RequestBody body, IOptions<LimitSettings> limits)
    {
        using var document = await body.ReadAsync(context, Room);
        return TypedResults.Ok(new StageReplication(ReplicaJson.Read(document.Root, limits.Value.OfProblems())).Compare());
    }
}
