using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ScheduleSearch.Solver;

namespace ScheduleSearch.Api.Telemetry;

internal static class TelemetryExtensions
{
    /// <summary>The standard name of the environment that says where metrics and spans are sent; without it nothing is sent anywhere.</summary>
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Unobserved = ["/metrics", "/healthz", "/readyz"];

    /// <summary>Metrics, read by whoever asks, and spans, which are made only where the configuration says whom to send them to.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<TelemetrySettings>().BindConfiguration("Telemetry").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SearchMetrics>();
        services.AddHostedService(provider => provider.GetRequiredService<SearchMetrics>());
        services.AddHostedService<ChildMetrics>();
        services.AddHostedService<TableMetrics>();
        var isSent = !string.IsNullOrEmpty(configuration[Endpoint]);
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource
            .AddService(TelemetryNames.Service, serviceVersion: typeof(TelemetryExtensions).Assembly.GetName().Version?.ToString(3))
            // What the environment says of the service wins.
            .AddEnvironmentVariableDetector());
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(
                TelemetryNames.Service, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql");
            metrics.AddPrometheusExporter();
            if (isSent) metrics.AddOtlpExporter();
        });
        if (!isSent) return services;
        telemetry.WithTracing(traces => traces
            .AddSource(TelemetryNames.Service, SolverSpans.Name)
            .AddAspNetCoreInstrumentation(options => options.Filter = context => !Unobserved.Contains(context.Request.Path.Value))
            .AddNpgsql()
            .AddOtlpExporter());
        return services;
    }
}
