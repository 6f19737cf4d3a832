using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Core.Estimates;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Json;
using ScheduleSearch.Core.Estimates.Requests;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Estimates;

internal static class EstimateEndpoints
{
    /// <summary>More than any model's configuration holds, and the links of a cluster beside it.</summary>
    internal static readonly JsonRoom Room = new(LongestArray: 10_000, Elements: 20_000, Members: 20_000);

    /// <summary>Profiles from a model's sizes, and the devices that are known.</summary>
    public static IEndpointRouteBuilder MapEstimates(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Estimates").RequireAuthorization(AccessPolicies.Read);
        group.MapPost("/profiles/estimate", EstimateAsync).WithName("estimate").Accepts<EstimateRequest>("application/json")
            .WithSummary("Estimates a profile of layers from a model's sizes and a device's data sheet.")
            .WithDescription("Times and memory of each layer on one microbatch, every number with its formula, and what each pipeline rank holds under 1F1B "
                + "with an even split of the layers. Nothing is stored. The answer's `profile` is one that solve takes; it is an estimate until measured "
                + "numbers stand in it.\n\nThe model is either `config`, a Hugging Face `config.json` as it is, or `model`.")
            .Produces<EstimateAnswer>().ProducesFaults(400, 408, 413, 415, 422, 503);
        group.MapGet("/devices", () => DeviceCatalogue.All)
            .WithName("getDevices").WithSummary("The devices that estimates know by name, with the sources of their numbers.")
            .Produces<IReadOnlyList<DeviceModel>>();
        return routes;
    }

    private static async Task<Ok<EstimateAnswer>> EstimateAsync(HttpContext context, RequestBody body, IOptions<LimitSettings> limits)
    {
        using var document = await body.ReadAsync(context, Room);
        return TypedResults.Ok(EstimateAnswer.Of(Estimator.Of(EstimateJson.Read(document.Root, limits.Value.OfProblems()))));
    }
}
