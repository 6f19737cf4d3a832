using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Schedules.Requests;

namespace ScheduleSearch.Api.Sweeps;

internal static class LeastMemoryEndpoints
{
    /// <summary>How much memory it takes.</summary>
    public static IEndpointRouteBuilder MapLeastMemory(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/schedules/least-memory", PostAsync).WithName("leastMemory").WithTags("Sweeps").RequireAuthorization(AccessPolicies.Solve)
            .Accepts<LeastMemoryRequest>("application/json")
            .WithSummary("The least limit of a device at which a makespan is reached.")
            .WithDescription("`makespan` is what is to be reached, or `within` says how many percent above what unlimited memory gives. Where the profile "
                + "leaves its placement or its split open, what is found and what is proved are of all of them together. Answers when the limit is proved or "
                + "the time limit, which is for all searches together, is over; asked again, it goes on from what was found.")
            .Produces<LeastMemoryAnswer>().ProducesFaults(400, 409, 413, 415, 422, 429, 503);
        return routes;
    }

    private static async Task<Ok<LeastMemoryAnswer>> PostAsync(
        HttpContext context, RequestReader reader, LeastMemorySearch search, IOptions<LimitSettings> limits, TimeProvider time)
    {
        var arrival = await Arrival.NoteAsync(time);
        var (searches, unlimited, question) = await LeastMemoryReader.ReadAsync(context, reader);
        var deadline = new Deadline(arrival, TimeSpan.FromSeconds(Math.Min(question.Options!.TimeLimitSeconds, limits.Value.MaxTimeLimitSeconds)));
        return TypedResults.Ok(await search.RunAsync(context, searches, unlimited, question, deadline));
    }
}
