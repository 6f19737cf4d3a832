namespace ScheduleSearch.Core.Operations;

/// <summary>A dependency: <paramref name="To"/> starts at least <paramref name="Lag"/> ticks after <paramref name="From"/> ends.</summary>
/// <param name="From">Index of the operation that is waited for.</param>
/// <param name="To">Index of the operation that waits.</param>
/// <param name="Lag">Ticks between the two.</param>
public readonly record struct Edge(int From, int To, long Lag);
