namespace ScheduleSearch.Core.Schedules;

/// <summary>The stretch of time in which a device's idle time is counted, by the phases that divide it. In ticks from the first start.</summary>
/// <param name="Begin">Where it begins: at 0 for the makespan, with the device's first operation for the span.</param>
/// <param name="Steady">The end of the warm-up: the device's first backward starts, or its first operation where it has none.</param>
/// <param name="CoolDown">The end of the steady state: the later of that and the end of its last forward.</param>
/// <param name="End">Where it ends: as long after its begin as the objective is.</param>
public readonly record struct DevicePhases(long Begin, long Steady, long CoolDown, long End);
