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

/// <summary>The unit of every amount of memory in a profile and in its answers. It labels numbers and never converts them.</summary>
public enum MemoryUnit
{
    /// <summary>Bytes.</summary>
    B,

    /// <summary>1024 bytes.</summary>
    KiB,

    /// <summary>1024 KiB.</summary>
    MiB,

    /// <summary>1024 MiB.</summary>
    GiB,
}

/// <summary>What a schedule is judged by.</summary>
public enum Objective
{
    /// <summary>Last end minus first start over all devices: iterations are separated by a flush.</summary>
    Makespan,

    /// <summary>The largest, over devices, of its own last end minus its own first start: the iteration time without a global barrier.</summary>
    Span,
}
