namespace ScheduleSearch.Core.Bounds;

/// <summary>A lower bound and the name of its proof.</summary>
/// <param name="Ticks">Ticks below which no schedule's objective can be.</param>
/// <param name="Name">The name of the bound that proves it.</param>
public readonly record struct ProvedBound(long Ticks, string Name);
