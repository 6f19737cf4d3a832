using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>A lower bound and the name of its proof.</summary>
/// <param name="Ticks">Ticks below which no schedule's objective can be.</param>
/// <param name="Name">The name of the bound that proves it.</param>
public readonly record struct ProvedBound(long Ticks, string Name);

/// <summary>Every lower bound in closed form: a new one is a new file and a line here.</summary>
public static class BoundCatalogue
{
    /// <summary>The bounds, cheapest first.</summary>
    public static IReadOnlyList<ILowerBound> All { get; } = [new HeadTailBound(), new MemoryTimeBound(), new WarmUpCoolDownBound()];

    /// <summary>The largest of all bounds. Cost: little beside that of one replay.</summary>
    public static ProvedBound Best(Problem problem) =>
        All.Select(bound => (bound.Name, Ticks: bound.Ticks(problem)))
            .Where(bound => bound.Ticks is not null)
            .Select(bound => new ProvedBound(bound.Ticks!.Value, bound.Name))
            .MaxBy(bound => bound.Ticks);
}
