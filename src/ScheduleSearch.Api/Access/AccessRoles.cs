namespace ScheduleSearch.Api.Access;

/// <summary>Roles by the names that commands, tables and policies give them.</summary>
internal static class AccessRoles
{
    private static readonly Dictionary<string, AccessRole> ByName = new()
    {
        [AccessPolicies.Read] = AccessRole.Read,
        [AccessPolicies.Solve] = AccessRole.Solve,
        [AccessPolicies.Admin] = AccessRole.Admin,
    };

    public static IReadOnlyCollection<string> Names => ByName.Keys;

    public static AccessRole Parse(string name) => ByName[name];

    public static string NameOf(AccessRole role) => ByName.Single(each => each.Value == role).Key;
}
