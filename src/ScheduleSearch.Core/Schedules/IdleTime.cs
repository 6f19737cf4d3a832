namespace ScheduleSearch.Core.Schedules;

/// <summary>Idle ticks of a device, by the phase they fall in. The three add up to the objective less the device's busy time.</summary>
/// <param name="WarmUp">Before the device's first backward starts.</param>
/// <param name="Steady">Between its first backward and the end of its last forward.</param>
/// <param name="CoolDown">After the later of the two.</param>
public readonly record struct IdleTime(long WarmUp, long Steady, long CoolDown);
