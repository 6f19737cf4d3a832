using Microsoft.AspNetCore.Authorization;

namespace ScheduleSearch.Api.Access;

/// <summary>A request needs at least a role.</summary>
/// <param name="Least">The role.</param>
internal sealed record RoleRequirement(AccessRole Least) : IAuthorizationRequirement;
