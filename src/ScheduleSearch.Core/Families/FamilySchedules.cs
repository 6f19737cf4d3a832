using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Features.TwoPipes;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Families;

/// <summary>The schedules that families make of a problem, with what a problem asks for and no family's definition speaks of.</summary>
public static class FamilySchedules
{
    /// <summary>The schedule of a family; only for a problem that admits it.</summary>
    public static Schedule ScheduleOf(this IScheduleFamily family, Problem problem) => Schedule.Of(problem, family.CompleteOrder(problem));

    /// <summary>What every family covers unless it says otherwise: <see cref="CompleteOrder"/> adds what its definition does not speak of.</summary>
    public static FeatureSet Covered { get; } = [TwoPipesFeature.Id, RecomputeFeature.Id];

    /// <summary>What families cover that order slices too.</summary>
    public static FeatureSet CoveredSliced { get; } = [.. Covered, SlicesFeature.Id];

    /// <summary>The order of a family with the operations that features add to it, and what they make better of it.</summary>
    public static IReadOnlyList<IReadOnlyList<Operation>> CompleteOrder(this IScheduleFamily family, Problem problem)
    {
        var (order, features) = (family.Order(problem), problem.Features.OfType<IOrderedFeature>().ToList());
        foreach (var feature in features) order = feature.Complete(problem, order);
        foreach (var feature in features) order = feature.Improve(problem, order);
        return order;
    }

    /// <summary>Ticks of an input gradient with the work that features add to a microbatch, which <see cref="CompleteOrder"/> puts before it.</summary>
    internal static long BackwardInputWithAddedWork(this Problem problem, int stage) => problem.BackwardInput[stage] + problem.AddedWork(stage);
}
