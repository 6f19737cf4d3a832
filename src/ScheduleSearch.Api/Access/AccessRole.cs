namespace ScheduleSearch.Api.Access;

/// <summary>What a key may do. Each role may do what those before it may.</summary>
internal enum AccessRole
{
    /// <summary>Reads and verifies.</summary>
    Read,

    /// <summary>Has problems searched and stops its own searches.</summary>
    Solve,

    /// <summary>Sees the service's own state: metrics and dashboards.</summary>
    Admin,
}
