namespace ScheduleSearch.Api.Access;

/// <summary>Which schedules a key can read.</summary>
internal enum ScheduleVisibility
{
    /// <summary>All of them.</summary>
    Shared,

    /// <summary>Those that it asked for itself; all others are answered as if they were not there.</summary>
    Own,
}
