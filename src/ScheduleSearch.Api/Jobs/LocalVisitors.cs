using System.Net;
using Hangfire.Dashboard;

namespace ScheduleSearch.Api.Jobs;

/// <summary>Shows the queues to people at the machine itself. What a proxy of the machine passes on comes from elsewhere.</summary>
internal sealed class LocalVisitors : IDashboardAuthorizationFilter
{
    private static readonly string[] OfProxies = ["Forwarded", "X-Forwarded-For", "Via"];

    public bool Authorize(DashboardContext context)
    {
        var http = context.GetHttpContext();
        return http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !OfProxies.Any(http.Request.Headers.ContainsKey);
    }
}
