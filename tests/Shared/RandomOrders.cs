using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Tests.Shared;

/// <summary>Valid orders without any plan: the same random source gives the same orders.</summary>
internal static class RandomOrders
{
    private const int Tries = 5;

    /// <summary>A valid order of a problem, whose backwards are all split, all fused or some of each, where the problem allows it.</summary>
    public static Schedule Next(Problem problem, Random random) => Next(OperationGraph.Build(problem, Selection(problem, random)), random);

    /// <summary>
    /// A valid order of a graph: whatever is ready and fits memory goes next, by chance. Where memory blocks every try, one microbatch
    /// goes after the other.
    /// </summary>
    public static Schedule Next(OperationGraph graph, Random random) =>
        Enumerable.Range(0, Tries).Select(_ => Simulate(graph, random)).FirstOrDefault(schedule => schedule is not null) ?? Sequential(graph);

    /// <summary>Backwards split or fused by chance.</summary>
    public static OperationSelection Selection(Problem problem, Random random)
    {
        if (!problem.SplitBackward) return OperationSelection.Fused(problem);
        var percent = random.Pick(0, 0, 30, 100);
        return OperationSelection.Of(
            problem,
            from stage in Enumerable.Range(0, problem.Stages)
            from microbatch in Enumerable.Range(0, problem.Microbatches)
            where random.Chance(percent)
            select Operation.Backward(stage, microbatch));
    }

    private static Schedule? Simulate(OperationGraph graph, Random random)
    {
        var orders = graph.Lanes.Select(_ => new List<int>()).ToArray();
        var held = new long[orders.Length];
        var waiting = Enumerable.Range(0, graph.Count).Select(operation => graph.DependenciesOf(operation).Length).ToArray();
        var ready = Enumerable.Range(0, graph.Count).Where(operation => waiting[operation] == 0).ToList();
        // A taste for late microbatches first makes orders that no search would look at, an aversion makes the usual ones.
        var inOrder = random.Chance(50);
        while (ready.Count > 0)
        {
            var fitting = ready.Where(operation => Fits(graph, held, operation)).ToList();
            if (fitting.Count == 0) return null;
            var next = inOrder ? Math.Min(random.Pick([.. fitting]), random.Pick([.. fitting])) : random.Pick([.. fitting]);
            ready.Remove(next);
            var lane = graph.LaneOf[next];
            orders[lane].Add(next);
            held[lane] += graph.Acquired[next] - graph.Released[next];
            foreach (var (dependent, _) in graph.DependentsOf(next))
            {
                if (--waiting[dependent] == 0) ready.Add(dependent);
            }
        }

        return new Schedule(graph, orders);
    }

    private static bool Fits(OperationGraph graph, long[] held, int operation)
    {
        var lane = graph.LaneOf[operation];
        return graph.Acquired[operation] == 0 || held[lane] + graph.Acquired[operation] <= graph.Problem.LimitOf(lane);
    }

    private static Schedule Sequential(OperationGraph graph)
    {
        var orders = graph.Lanes.Select(_ => new List<int>()).ToArray();
        var byMicrobatch = Enumerable.Range(0, graph.Count).OrderBy(operation => graph.Operations[operation].Microbatch);
        foreach (var operation in byMicrobatch) orders[graph.LaneOf[operation]].Add(operation);
        return new Schedule(graph, orders);
    }
}
