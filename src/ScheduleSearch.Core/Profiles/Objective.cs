namespace ScheduleSearch.Core.Profiles;

/// <summary>What a schedule is judged by.</summary>
public enum Objective
{
    /// <summary>Last end minus first start over all devices: iterations are separated by a flush.</summary>
    Makespan,

    /// <summary>The largest, over devices, of its own last end minus its own first start: the iteration time without a global barrier.</summary>
    Span,
}
