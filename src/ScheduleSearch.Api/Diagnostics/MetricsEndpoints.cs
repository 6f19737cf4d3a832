using ScheduleSearch.Api.Access;

namespace ScheduleSearch.Api.Diagnostics;

internal static class MetricsEndpoints
{
    /// <summary>Metrics as text in the format of Prometheus.</summary>
    public static IEndpointRouteBuilder MapMetrics(this IEndpointRouteBuilder routes)
    {
        routes.MapPrometheusScrapingEndpoint("/metrics").RequireAuthorization(AccessPolicies.Admin);
        return routes;
    }
}
