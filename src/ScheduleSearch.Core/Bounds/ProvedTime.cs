namespace ScheduleSearch.Core.Bounds;

/// <summary>A lower bound in a profile's own unit, whatever the ticks of the problems that it is said of.</summary>
/// <param name="Time">Time below which no schedule's objective can be.</param>
/// <param name="Name">The name of the bound that proves it; null where that is not known.</param>
public readonly record struct ProvedTime(decimal Time, string? Name);
