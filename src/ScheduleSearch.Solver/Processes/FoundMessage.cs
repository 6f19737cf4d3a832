using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Solver.Processes;

/// <summary>A schedule on its way between two processes, with the bound that goes with it.</summary>
/// <param name="FirstPipe">The microbatches that run down the first pipe.</param>
/// <param name="Orders">Orders by operation index of the problem's finest graph with that share.</param>
/// <param name="Pairs">The forwards that overlap with the backward behind them.</param>
/// <param name="Method">What found it.</param>
/// <param name="Objective">Its objective in ticks.</param>
/// <param name="Bound">The proved bound in ticks.</param>
/// <param name="BoundName">What proves it.</param>
internal sealed record FoundMessage(int FirstPipe, int[][] Orders, int[] Pairs, string Method, long Objective, long Bound, string BoundName)
{
    public static FoundMessage Of(SearchBoard board)
    {
        var (best, schedule) = (board.Best, board.Best.Timeline.Schedule);
        var firstPipe = PipeShares.Of(schedule.Graph);
        var graph = firstPipe == board.FirstPipe ? board.Graph : GraphOf(board.Problem, firstPipe);
        var finest = new FinestOrders(graph);
        var pairs = finest.Pairs(schedule);
        var orders = board.Problem.SliceCount > 1 || pairs.Length > 0 ? finest.AsTheyAre(schedule) : finest.InTurn(schedule);
        return new(firstPipe, orders, pairs, best.Method, best.Objective, best.Bound.Ticks, best.Bound.Name);
    }

    /// <summary>Replays and verifies what was sent.</summary>
    public Solution Read(Problem problem) => Solution.Verified(ScheduleOf(problem), Method, new ProvedBound(Bound, BoundName));

    /// <summary>Offers what was sent to a board; the schedule and the bound count each for itself.</summary>
    /// <exception cref="ContradictionException">The order is invalid, or the schedule and a bound exclude each other.</exception>
    public void OfferTo(SearchBoard board)
    {
        if (Objective < board.Best.Objective)
        {
            if (FirstPipe == board.FirstPipe && Pairs.Length == 0) board.Offer(Orders, Method);
            else board.Offer(ScheduleOf(board.Problem), Method);
        }

        board.Offer(new ProvedBound(Bound, BoundName));
    }

    /// <summary>The schedule that was sent.</summary>
    public Schedule ScheduleOf(Problem problem) => new FinestOrders(GraphOf(problem, FirstPipe)).Paired(Orders, Pairs);

    private static OperationGraph GraphOf(Problem problem, int firstPipe) => OperationGraph.BuildOnLanes(problem, OperationSelection.Finest(problem, firstPipe));
}
