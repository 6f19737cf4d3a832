using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Solver;

/// <summary>The first answer, in milliseconds: the bounds in closed form and the best of the cheap constructions.</summary>
public static class QuickPass
{
    /// <summary>The best of the cheap constructions. There always is one: one microbatch after the other fits whatever passes validation.</summary>
    public static Solution Solve(Problem problem) => Solution.Verified(Sequential(problem), "sequential", BoundCatalogue.Best(problem));

    private static Schedule Sequential(Problem problem)
    {
        var graph = OperationGraph.Build(problem);
        var orders = graph.Lanes.Select(_ => new List<int>()).ToList();
        for (var operation = 0; operation < graph.Count; operation++) orders[graph.LaneOf[operation]].Add(operation);
        return new Schedule(graph, orders);
    }
}
