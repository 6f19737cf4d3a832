using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace ScheduleSearch.Api.Access;

/// <summary>Lets requests pass whose key has the role or one above it; all of them while no keys are required.</summary>
internal sealed class RoleHandler(IOptions<AccessSettings> settings) : AuthorizationHandler<RoleRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RoleRequirement requirement)
    {
        var request = context.Resource as HttpContext;
        // What routing makes up itself, to answer 404, 405 or 415, has nothing to protect.
        if (!settings.Value.RequireKeys || request?.GetEndpoint() is not RouteEndpoint || request.Features.Get<ActiveKey>()?.Role >= requirement.Least)
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
