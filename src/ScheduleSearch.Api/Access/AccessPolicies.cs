namespace ScheduleSearch.Api.Access;

/// <summary>The names of the policies of endpoints, one for each <see cref="AccessRole"/>. While no keys are required, all let everybody pass.</summary>
internal static class AccessPolicies
{
    public const string Read = "read";

    public const string Solve = "solve";

    public const string Admin = "admin";
}
