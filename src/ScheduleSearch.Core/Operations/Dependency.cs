namespace ScheduleSearch.Core.Operations;

/// <summary>A neighbour in the operation graph, and the time that must pass between the two.</summary>
/// <param name="Operation">Index of the neighbour.</param>
/// <param name="Lag">Ticks from the end of the earlier operation to the start of the later one.</param>
public readonly record struct Dependency(int Operation, long Lag);
