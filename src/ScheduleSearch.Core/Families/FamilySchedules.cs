using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Families;

/// <summary>The schedules that families make of a problem, with what a problem asks for and no family's definition speaks of.</summary>
public static class FamilySchedules
{
    /// <summary>The schedule of a family; only for a problem that admits it.</summary>
    public static Schedule ScheduleOf(this IScheduleFamily family, Problem problem) => Schedule.Of(problem, family.CompleteOrder(problem));

    /// <summary>
    /// The order of a family with every activation that must be computed again computed directly before its backward, or before the pair that its
    /// backward is in. It holds no more than the family's own order would with whole activations.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<Operation>> CompleteOrder(this IScheduleFamily family, Problem problem)
    {
        var order = family.Order(problem);
        return problem.Profile.Recompute is null ? order : [.. order.Select(operations => WithRecompute(operations, problem))];
    }

    /// <summary>Ticks of an input gradient with the forward that is computed again before it.</summary>
    internal static long BackwardInputWithRecompute(this Problem problem, int stage) =>
        problem.BackwardInput[stage] + (problem.Recomputes(stage) ? problem.RecomputeTime[stage] : 0);

    private static List<Operation> WithRecompute(IReadOnlyList<Operation> order, Problem problem)
    {
        List<Operation> complete = [];
        for (var place = 0; place < order.Count; place++)
        {
            Operation? backward = order[place].Kind switch
            {
                OperationKind.Backward or OperationKind.BackwardInput => order[place],
                OperationKind.OverlappedForward => order[place + 1],
                _ => null,
            };
            if (backward is { } next && problem.Recomputes(next.Stage)) complete.Add(next with { Kind = OperationKind.Recompute });
            complete.Add(order[place]);
        }

        return complete;
    }
}
