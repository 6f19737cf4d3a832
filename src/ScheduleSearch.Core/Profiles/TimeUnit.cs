namespace ScheduleSearch.Core.Profiles;

/// <summary>The unit of every time in a profile and in its answers. It labels numbers and never converts them.</summary>
public enum TimeUnit
{
    /// <summary>Microseconds.</summary>
    us,

    /// <summary>Milliseconds.</summary>
    ms,

    /// <summary>Seconds.</summary>
    s,
}
