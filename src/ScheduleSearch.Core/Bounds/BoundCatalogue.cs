using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>Every lower bound in closed form: a new one is a new file and a line here.</summary>
public static class BoundCatalogue
{
    /// <summary>The bounds, cheapest first.</summary>
    public static IReadOnlyList<ILowerBound> All { get; } =
    [
        new HeadTailBound(),
        new MemoryTimeBound(),
        new WarmUpCoolDownBound(),
        new OptimizerStepBound(),
        new FillBound(),
        new MicrobatchSumBound(),
        new MeanDurationsBound(),
    ];

    /// <summary>Ticks below which no schedule's objective can be; null when the bound does not cover the problem, or says nothing of it.</summary>
    public static long? Ticks(this ILowerBound bound, Problem problem) => bound.Covers.CoversAllSchedules(problem) ? bound.Prove(problem) : null;

    /// <summary>The largest of all bounds. Cost: little beside that of one replay.</summary>
    public static ProvedBound Best(Problem problem) =>
        All.Select(bound => (bound.Name, Ticks: bound.Ticks(problem)))
            .Where(bound => bound.Ticks is not null)
            .Select(bound => new ProvedBound(bound.Ticks!.Value, bound.Name))
            .DefaultIfEmpty(ProvedBound.None)
            .MaxBy(bound => bound.Ticks);
}
