using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Solver.Processes;

/// <summary>A schedule on its way between two processes, with the bound that goes with it.</summary>
/// <param name="Order">The schedule's operations in their order, as <see cref="OrderCodec"/> writes them: they carry what it selects.</param>
/// <param name="Method">What found it.</param>
/// <param name="Objective">Its objective in ticks.</param>
/// <param name="Bound">The proved bound in ticks.</param>
/// <param name="BoundName">What proves it.</param>
internal sealed record FoundMessage(byte[] Order, string Method, long Objective, long Bound, string BoundName)
{
    /// <summary>The best of a board, in the finest operations that its schedule can be told in.</summary>
    public static FoundMessage Of(SearchBoard board)
    {
        var (best, schedule) = (board.Best, board.Best.Timeline.Schedule);
        var selection = OperationSelection.Finest(board.Problem, schedule.Graph.Selection.CountOn(0));
        var finest = new FinestOrders(selection.Equals(board.Selection) ? board.Graph : OperationGraph.BuildOnLanes(board.Problem, selection));
        var pairs = finest.Pairs(schedule);
        var isExchangeable = board.Problem.SliceCount == 1 && pairs.Length == 0 && board.Problem is { HasUnequalMicrobatches: false, Robust: null };
        var orders = isExchangeable ? finest.InTurn(schedule) : finest.AsTheyAre(schedule);
        return new(OrderCodec.Encode(finest.Paired(orders, pairs)), best.Method, best.Objective, best.Bound.Ticks, best.Bound.Name);
    }

    /// <summary>Replays and verifies what was sent.</summary>
    public Solution Read(Problem problem) => Solution.Verified(ScheduleOf(problem), Method, new ProvedBound(Bound, BoundName));

    /// <summary>Offers what was sent to a board; the schedule and the bound count each for itself.</summary>
    /// <exception cref="ContradictionException">The order is invalid, or the schedule and a bound exclude each other.</exception>
    public void OfferTo(SearchBoard board)
    {
        if (Objective < board.Best.Objective) board.Offer(ScheduleOf(board.Problem), Method);
        board.Offer(new ProvedBound(Bound, BoundName));
    }

    /// <summary>The schedule that was sent.</summary>
    /// <exception cref="InvalidDataException">The order is not one of the problem.</exception>
    public Schedule ScheduleOf(Problem problem) => OrderCodec.Decode(problem, Order);
}
