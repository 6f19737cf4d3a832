namespace ScheduleSearch.Solver.Solutions;

/// <summary>What a search came to.</summary>
/// <param name="Best">The best solution.</param>
/// <param name="IsWhole">Whether its budget was searched to the end, or it had no more to find; false when its child died before.</param>
public readonly record struct Searched(Solution Best, bool IsWhole);
