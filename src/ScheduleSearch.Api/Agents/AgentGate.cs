using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Agents;

/// <summary>
/// Decides which messages of agents are read. Without keys only those of this machine are: whoever reaches the service from elsewhere needs a key. What
/// a page in a browser sends is refused unless the page is this service's own.
/// </summary>
internal sealed class AgentGate(RequestBody body, IOptions<AccessSettings> access, IOptions<LimitSettings> limits)
{
    private static readonly string[] OfLoopback = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Has a message handled that may be. It is received within the limits of all bodies, and has its share of their room until it is answered.
    /// </summary>
    /// <exception cref="RequestFault">403: it may not be handled; or it is not received, as <see cref="RequestBody"/> says.</exception>
    public async Task HandleAsync(HttpContext context, RequestDelegate handle)
    {
        if (!access.Value.RequireKeys && !LocalVisitor.Sent(context))
        {
            throw new RequestFault(
                StatusCodes.Status403Forbidden,
                "Without keys this path answers only clients at the machine itself. Set Access__RequireKeys=true, make a key with the command 'keys create', "
                    + "and send it as the header Authorization: Bearer KEY.");
        }

        if (context.Request.Headers.Origin is [{ } origin, ..] && !IsOwnPage(context.Request, origin))
        {
            throw new RequestFault(
                StatusCodes.Status403Forbidden,
                "The header Origin names a page of another site, which may not ask here. Connect with a client that is no page in a browser.");
        }

        var (message, share) = await body.ReceiveAsync(context, JsonRoom.OfOrder(limits.Value.OfProblems()));
        using (share)
        {
            context.Request.Body = message;
            await handle(context);
        }
    }

    /// <summary>
    /// Whether a page is this service's own. Without keys its host must be this machine by name too: any other name may be made to lead here (DNS rebinding).
    /// </summary>
    private bool IsOwnPage(HttpRequest request, string origin) =>
        origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
        && (access.Value.RequireKeys || OfLoopback.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase));
}
