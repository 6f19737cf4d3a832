using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Solver.Search.Local;

/// <summary>
/// An order of one problem as one of another of the same shape: with other times and limits, where most of what is good in it is good still. Nothing is
/// believed: every order is replayed with the new times and verified.
/// </summary>
public static class CarriedOrder
{
    /// <summary>The name of the method, where the order had to be changed.</summary>
    public const string MethodName = "carried-order";

    /// <summary>Operations that tightening visits at most: some tens of milliseconds.</summary>
    private const long MostVisited = 4_000_000;

    /// <summary>
    /// The schedule of an order under other times and limits: as it is where memory holds it, else with what memory does not hold done later, and tightened.
    /// Cost: that of a few replays, or of tightening.
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <param name="order">The order of a problem of the same shape, as <see cref="OrderCodec"/> writes it.</param>
    /// <param name="method">What found that order.</param>
    /// <returns>Null when it is no order of the problem's operations, or cannot be made to fit.</returns>
    public static Solution? Of(Problem problem, byte[] order, string method)
    {
        try
        {
            var (schedule, bound) = (OrderCodec.Decode(problem, order), BoundCatalogue.Best(problem));
            if (schedule.FitsMemory()) return schedule.KeepsDeadlines() ? Solution.Verified(schedule, method, bound) : null;
            var fitting = Fitted(schedule).Where(fitted => fitted.KeepsDeadlines())
                .Select(fitted => Solution.Verified(LossesInTurn.Of(fitted), MethodName, bound)).MinBy(solution => solution.Objective);
            return fitting is null ? null : Tightened(fitting);
        }
        catch (Exception exception) when (exception is ContradictionException or DeadlockException or InvalidDataException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// A schedule compacted in both directions of time until that gains nothing, or for some tens of milliseconds: what new times leave open in an old order.
    /// The schedule itself where that is not better.
    /// </summary>
    public static Solution Tightened(Solution solution)
    {
        var search = new LocalSearch();
        if (solution.IsOptimal || !search.Covers.Covers(solution.Problem) || !search.Suits(solution.Problem)) return solution;
        using var board = new SearchBoard(solution, targetGap: 0, _ => { });
        var improvement = new OrderImprovement(board.Graph, board.Flat, new Random(0));
        var order = new Arrangement(board.Flat);
        order.TakeOrders(board.OrdersOf(board.BestOfGraph));
        improvement.Retime(order);
        improvement.Settle(order, () => improvement.Visited >= MostVisited);
        improvement.Retime(order);
        if (order.Cost < board.BestOfGraph.Objective) board.Offer(order.Orders, MethodName);
        return board.Best;
    }

    /// <summary>Orders near one that memory does not hold, which it holds.</summary>
    private static IEnumerable<Schedule> Fitted(Schedule schedule)
    {
        var problem = schedule.Problem;
        if (!new LocalSearch().Covers.Covers(problem)) yield break;
        var graph = OperationGraph.BuildOnLanes(problem, OperationSelection.Finest(problem, schedule.Graph.Selection.CountOn(0)));
        var orders = new FinestOrders(graph).InTurn(schedule);
        var (flat, keys) = (SearchGraph.Of(graph), Replay.Run(new Schedule(graph, orders)).Starts.ToArray());
        var dates = LaneDates.Earliest(problem, flat);
        var (byKey, byReadiness) = (new KeyScheduler(flat), new ReadyScheduler(flat));
        if (byKey.Run(keys, dates) is not null) yield return new Schedule(graph, byKey.Orders);
        foreach (var follows in new[] { true, false })
        {
            if (byReadiness.Run(keys, follows, dates) is not null) yield return new Schedule(graph, byReadiness.Orders);
        }
    }
}
