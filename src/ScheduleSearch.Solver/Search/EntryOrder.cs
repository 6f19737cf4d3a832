using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Solver.Search;

/// <summary>
/// An order in which unequal microbatches enter, the same on every stage: by place the number of a microbatch. In the problem whose microbatches are numbered
/// by place they enter in turn, as every search that keeps chains in turn has them; and what is a schedule there is one here under their own numbers.
/// </summary>
internal sealed class EntryOrder
{
    private readonly Problem _problem;
    private readonly int[] _numbers;

    /// <param name="problem">The problem.</param>
    /// <param name="numbers">By place the number of a microbatch.</param>
    public EntryOrder(Problem problem, int[] numbers) => (_problem, _numbers) = (problem, numbers);

    /// <summary>By place the number of a microbatch.</summary>
    public IReadOnlyList<int> Numbers => _numbers;

    /// <summary>The order of a schedule: that in which its first stage takes the microbatches.</summary>
    public static EntryOrder Of(Schedule schedule)
    {
        var problem = schedule.Problem;
        var first = schedule.OperationsOn(problem.Placement.DeviceOf(0, 0)).Where(operation => operation.IsForward && operation.Stage == 0);
        return new EntryOrder(problem, [.. first.Select(operation => operation.Microbatch)]);
    }

    /// <summary>
    /// Orders to begin with: small microbatches first, or last, or at both ends, where a pipeline fills and drains, or every other one; each at most once and
    /// none as given.
    /// </summary>
    public static IEnumerable<EntryOrder> Standard(Problem problem)
    {
        if (!problem.HasUnequalMicrobatches) return [];
        int[] given = [.. Enumerable.Range(0, problem.Microbatches)];
        int[] rising = [.. given.OrderBy(problem.TicksOf)];
        int[] atEnds = [.. rising.Where((_, place) => place % 2 == 0), .. rising.Where((_, place) => place % 2 == 1).Reverse()];
        int[] mixed = [.. given.Select(place => place % 2 == 0 ? rising[place / 2] : rising[^(place / 2 + 1)])];
        int[][] orders = [rising, [.. rising.Reverse()], atEnds, mixed];
        return orders.Where((order, index) => !order.SequenceEqual(given) && !orders.Take(index).Any(order.SequenceEqual))
            .Select(order => new EntryOrder(problem, order));
    }

    /// <summary>The problem whose microbatches are numbered by place.</summary>
    public Problem InTurn() => _problem.Entering(_numbers);

    /// <summary>A schedule of <see cref="InTurn"/> as one of the problem.</summary>
    public Schedule Back(Schedule inTurn) => Renumbered(inTurn, _problem, _numbers);

    /// <summary>A schedule of the problem whose microbatches enter so as one of <see cref="InTurn"/>.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="inTurn">The problem whose microbatches are numbered by place.</param>
    public Schedule Forth(Schedule schedule, Problem inTurn)
    {
        var places = new int[_numbers.Length];
        for (var place = 0; place < places.Length; place++) places[_numbers[place]] = place;
        return Renumbered(schedule, inTurn, places);
    }

    private static Schedule Renumbered(Schedule schedule, Problem problem, int[] numbers) => Schedule.Of(
        problem,
        [
            .. Enumerable.Range(0, problem.Devices).Select(device => schedule.AllOn(device)
                .Select(operation => operation.Facts.Role == OperationRole.Update || !operation.Facts.IsOfMicrobatch
                    ? operation
                    : operation with { Microbatch = numbers[operation.Microbatch] })
                .ToArray()),
        ]);
}
