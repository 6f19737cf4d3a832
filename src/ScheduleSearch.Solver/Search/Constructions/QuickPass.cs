using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search.Pairs;
using ScheduleSearch.Solver.Search.Periodic;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Solver.Search.Constructions;

/// <summary>
/// The first answer, in milliseconds: the bounds in closed form and the best of the cheap constructions, the published families among
/// them. Its effort is fixed by the size of the problem; it stops earlier when a construction is good enough, or when the caller has no more time.
/// </summary>
public static class QuickPass
{
    /// <summary>Operations that the list scheduler may place in all: about a tenth of a second.</summary>
    private const long PlacedOperations = 600_000;

    private const string SequentialMethod = "sequential";
    private const string WarmUpMethod = "warm-up";
    private const int FewestPolicies = 3;
    private const int MostPolicies = 60;

    /// <summary>The schedule of a family asked for by name, which is that family's own; or the best of the cheap constructions.</summary>
    /// <inheritdoc cref="Solve(Problem, double, Func{bool}?)"/>
    public static Solution Solve(AskedSchedule asked, double targetGap = 0, Func<bool>? isOver = null) => asked.Family is { } family
        ? Solution.Verified(FamilyCatalogue.Find(family)!.ScheduleOf(asked.Problem), family, BoundCatalogue.Best(asked.Problem))
        : Solve(asked.Problem, targetGap, isOver);

    /// <summary>The best of the cheap constructions. There always is one: one microbatch after the other fits whatever passes validation.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="targetGap">The gap that is good enough: no further construction is tried.</param>
    /// <param name="isOver">Whether the time is over: asked before each construction, the first one included. None by default.</param>
    public static Solution Solve(Problem problem, double targetGap = 0, Func<bool>? isOver = null)
    {
        isOver ??= () => false;
        var bound = BoundCatalogue.Best(problem);
        Solution? best = null;
        foreach (var (constructed, method) in ConstructionsInOrders(problem, isOver))
        {
            var schedule = LossesInTurn.Of(constructed);
            var timeline = Replay.Run(schedule);
            if (!timeline.KeepsDeadlines || (best is not null && Solution.ObjectiveOf(timeline) >= best.Objective)) continue;
            best = Solution.Verified(schedule, method, bound);
            if (best.IsOptimal || best.Gap <= targetGap) break;
        }

        return best ?? Solution.Verified(Sequential(OperationGraph.BuildOnLanes(problem, OperationSelection.Finest(problem))), SequentialMethod, bound);
    }

    /// <summary>The constructions with the microbatches in turn, and where they are unequal in other orders in which they may enter.</summary>
    private static IEnumerable<(Schedule Schedule, string Method)> ConstructionsInOrders(Problem problem, Func<bool> isTimeOver)
    {
        var wasOver = false;
        bool IsOver() => wasOver = wasOver || isTimeOver();
        foreach (var construction in Constructions(problem, IsOver)) yield return construction;
        foreach (var order in EntryOrder.Standard(problem))
        {
            if (wasOver) yield break;
            foreach (var (schedule, method) in Constructions(order.InTurn(), IsOver)) yield return (order.Back(schedule), method);
        }
    }

    private static IEnumerable<(Schedule Schedule, string Method)> Constructions(Problem problem, Func<bool> isOver)
    {
        foreach (var family in FamilyCatalogue.Admitted(problem))
        {
            if (isOver()) yield break;
            var schedule = family.ScheduleOf(problem);
            if (schedule.FitsMemory()) yield return (schedule, family.Name);
        }

        if (problem.Robust is not null)
        {
            foreach (var schedule in WarmUpOrders.Of(problem)) yield return (schedule, WarmUpMethod);
        }

        foreach (var schedule in PairSearch.Standard(problem, PlacedOperations, isOver)) yield return (schedule, PairSearch.MethodName);

        var shares = PipeShares.Worthwhile(problem);
        foreach (var share in shares)
        {
            if (isOver()) yield break;
            var graph = OperationGraph.BuildOnLanes(problem, OperationSelection.Finest(problem, share));
            foreach (var construction in Constructions(graph, PlacedOperations / shares.Count, isOver)) yield return construction;
            foreach (var construction in ConstructionsOnDevices(graph, PlacedOperations / shares.Count, isOver)) yield return construction;
        }
    }

    /// <summary>
    /// Where there are other lanes than the devices', the same on the devices alone, with lags for what those do, which then serve what is ready first:
    /// a list scheduler sees farther ahead when what is on its way has its time already. None where a barrier would be a lag too.
    /// </summary>
    private static IEnumerable<(Schedule Schedule, string Method)> ConstructionsOnDevices(OperationGraph graph, long placedOperations, Func<bool> isOver)
    {
        var alone = DeviceSelection.KeepCompute(graph);
        if (alone == graph || graph.Whole is not null) yield break;
        foreach (var (schedule, method) in Constructions(alone, placedOperations, isOver))
        {
            var devices = Enumerable.Range(0, graph.Problem.Devices).Select(device => schedule.OperationsOn(device).ToArray());
            yield return (Schedule.Of(graph.Problem, [.. devices]), method);
        }
    }

    private static IEnumerable<(Schedule Schedule, string Method)> Constructions(OperationGraph graph, long placedOperations, Func<bool> isOver)
    {
        var search = SearchGraph.Of(graph);
        if (KernelSearch.Suits(search) && new KernelSearch(search, microbatches: 1, new Random(0)).Run(tries: 1, () => false) is { } repeated)
            yield return (new Schedule(graph, repeated), "periodic");

        var lists = new ListScheduler(search);
        var dates = LaneDates.Earliest(graph.Problem, search);
        var policies = (int)Math.Clamp(placedOperations / graph.Count, FewestPolicies, MostPolicies);
        var least = long.MaxValue;
        foreach (var policy in new ListPolicies(graph.Problem, search).Standard().Take(policies))
        {
            if (isOver()) yield break;
            if (lists.Run(policy, dates) is not { } cost || cost >= least) continue;
            least = cost;
            yield return (new Schedule(graph, lists.Orders), "list-scheduling");
        }

        if (least == long.MaxValue) yield return (Sequential(graph), SequentialMethod);
    }

    private static Schedule Sequential(OperationGraph graph)
    {
        var orders = graph.Lanes.Select(_ => new List<int>()).ToList();
        for (var operation = 0; operation < graph.Count; operation++) orders[graph.LaneOf[operation]].Add(operation);
        return new Schedule(graph, [.. orders.Select(order => graph.WithDueFirst(order).ToArray())]);
    }
}
