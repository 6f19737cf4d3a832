using Microsoft.AspNetCore.HostFiltering;
using ScheduleSearch.Api.Limits;

namespace ScheduleSearch.Api.Http;

/// <summary>
/// Which hosts requests may name. A page in a browser can make its own name lead to this machine (DNS rebinding) and so ask a service that listens
/// there alone; its requests then name the page's host, and are refused.
/// </summary>
internal static class HostNames
{
    private const string Setting = "AllowedHosts";

    private static readonly string[] OfLoopback = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>The hosts of the configuration; else those of this machine where the service listens on nothing else, and all where it does.</summary>
    public static IServiceCollection AddHostNames(this IServiceCollection services)
    {
        services.AddOptions<HostFilteringOptions>().Configure<IConfiguration>((options, configuration) =>
        {
            options.IncludeFailureMessage = false;
            if (string.IsNullOrWhiteSpace(configuration[Setting]) && ListenAddresses.BeyondLoopback(configuration) is null) options.AllowedHosts = OfLoopback;
        });
        return services;
    }
}
