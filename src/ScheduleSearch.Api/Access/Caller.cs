using System.Security.Claims;

namespace ScheduleSearch.Api.Access;

/// <summary>Who sent a request, for what is counted by caller.</summary>
internal static class Caller
{
    /// <summary>The id of the key that the request was sent with, else the address that it came from.</summary>
    public static string Of(HttpContext context) => context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? AddressOf(context);

    /// <summary>The address that a request came from; <c>local</c> where the connection has none.</summary>
    public static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        null => "local",
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        var address => address.ToString(),
    };
}
