using System.Net;

namespace ScheduleSearch.Api.Limits;

/// <summary>Tells who is at the machine itself. What a proxy of the machine passes on comes from elsewhere.</summary>
internal static class LocalVisitor
{
    private static readonly string[] OfProxies = ["Forwarded", "X-Forwarded-For", "Via"];

    /// <summary>Whether a request comes from this machine.</summary>
    public static bool Sent(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !OfProxies.Any(context.Request.Headers.ContainsKey);
}
