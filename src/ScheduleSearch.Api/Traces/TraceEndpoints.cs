using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Traces.Json;
using ScheduleSearch.Core.Traces.Runs;

namespace ScheduleSearch.Api.Traces;

internal static class TraceEndpoints
{
    /// <summary>As many events, of as many members, as the largest body has room for.</summary>
    private static readonly JsonRoom Room = new(LongestArray: 2_000_000, Elements: 4_000_000, Members: 8_000_000);

    /// <summary>Profiles from recorded runs.</summary>
    public static IEndpointRouteBuilder MapTraces(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/profiles/import", ImportAsync).WithName("importTrace").WithTags("Traces").RequireAuthorization(AccessPolicies.Read)
            .Accepts<ImportBody>("application/json")
            .WithSummary("A profile with the medians of a recorded run, and how far they are to be trusted.")
            .WithDescription("The files of one run, all in one format: traces of PyTorch's profiler of a run by torch.distributed.pipelining, timelines of "
                + "ByteDance's straggler analysis, the pp_data of Primus, logs with the timers of Megatron or the zero-bubble runtime, or a table "
                + "`rank,stage,kind,microbatch,start,duration[,step][,replica]`. Which it is is recognized. Nothing is stored. "
                + "The answer's `profile` is one that solve takes, and its `samples` those that evaluate takes as noise.")
            .Produces<ImportAnswer>().ProducesFaults(400, 408, 413, 415, 422, 503);
        return routes;
    }

    private static async Task<Ok<ImportAnswer>> ImportAsync(HttpContext context, RequestBody body, IOptions<LimitSettings> limits)
    {
        using var document = await body.ReadAsync(context, Room);
        var (request, largest) = (ImportJson.Read(document.Root), limits.Value.OfProblems());
        var imported = TraceImporter.Of(request, largest);
        return TypedResults.Ok(ImportAnswer.Of(imported, request.Show is { } choice ? ShownStep.Of(imported, choice, largest) : null));
    }
}
