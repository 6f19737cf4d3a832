namespace ScheduleSearch.Core.Bounds;

/// <summary>A lower bound and the name of its proof.</summary>
/// <param name="Ticks">Ticks below which no schedule's objective can be.</param>
/// <param name="Name">The name of the bound that proves it.</param>
public readonly record struct ProvedBound(long Ticks, string Name)
{
    /// <summary>What holds when nothing covers a problem: no objective is negative.</summary>
    public static ProvedBound None { get; } = new(0, "none");
}
