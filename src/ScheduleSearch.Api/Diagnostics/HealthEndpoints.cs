using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Diagnostics;

internal static class HealthEndpoints
{
    private const int SecondsForStorage = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>What orchestrators ask.</summary>
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Health").AllowAnonymous();
        group.MapGet("/healthz", () => new HealthAnswer("alive")).WithName("getHealth").WithSummary("Whether the process lives.").Produces<HealthAnswer>();
        group.MapGet("/readyz", ReadyAsync)
            .WithName("getReadiness").WithSummary("Whether requests can be served: the storage is reachable and has the present schema.")
            .Produces<HealthAnswer>().ProducesFaults(503);
        return routes;
    }

    private static async Task<IResult> ReadyAsync(StorageStartup storage, TimeProvider time, CancellationToken cancellation)
    {
        using var expired = new CancellationTokenSource(Patience, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation, expired.Token);
        try
        {
            if (await storage.CanServeAsync(patience.Token)) return TypedResults.Ok(new HealthAnswer("ready"));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // A database that does not answer in time is as good as none.
        }

        throw new RequestFault(StatusCodes.Status503ServiceUnavailable, "The storage cannot be reached.") { RetryAfter = SecondsForStorage };
    }
}
