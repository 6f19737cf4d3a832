namespace ScheduleSearch.Core.Schedules;

/// <summary>An operation of a <see cref="CriticalPath"/>.</summary>
/// <param name="Operation">Its index in the graph.</param>
/// <param name="Lag">Ticks between the end of the operation before it and its start, in which something is on its way; 0 for the first.</param>
public readonly record struct CriticalStep(int Operation, long Lag);
