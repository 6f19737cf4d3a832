using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Telemetry;

namespace ScheduleSearch.Api.Diagnostics;

internal static class MetricsEndpoints
{
    /// <summary>Metrics as text in the format of Prometheus.</summary>
    public static IEndpointRouteBuilder MapMetrics(this IEndpointRouteBuilder routes)
    {
        var metrics = routes.MapPrometheusScrapingEndpoint("/metrics");
        if (routes.ServiceProvider.GetRequiredService<IOptions<TelemetrySettings>>().Value.OpenMetrics) metrics.AllowAnonymous();
        else metrics.RequireAuthorization(AccessPolicies.Admin);
        return routes;
    }
}
