using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Fill;

/// <summary>Says which deadlines cannot be kept, and keeps the others in orders whose pieces come too late.</summary>
/// <remarks>
/// Pieces that start later than they should move forward on their devices, past whatever ends after that and no piece that is due before, round by round, since
/// what they pass is delayed. They wait for nothing but each other, so that no order deadlocks by it.
/// </remarks>
internal sealed class FillDeadlines
{
    private const int MostRounds = 32;

    private readonly Problem _problem;
    private readonly Timeline _timeline;
    private readonly bool _delaysItsOwn;

    private FillDeadlines(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> orders)
    {
        (_problem, _timeline) = (problem, Replay.Run(Schedule.Of(problem, orders)));
        // Across devices a piece could come to wait for one that waits for what it has moved past.
        _delaysItsOwn = problem.Fill.All(item => item.After.All(before => problem.Fill[before].Device == item.Device));
    }

    /// <summary>The deadlines that no schedule keeps, or that none was found to keep; empty where there are none.</summary>
    public static IEnumerable<ProfileError> Faults(Problem problem)
    {
        var dates = problem.FillDates;
        if (!dates.HasDeadlines) return [];
        var dated = problem.Fill.Index().Where(item => item.Item.Deadline is not null).ToList();
        if (problem.Objective == Objective.Span)
        {
            return dated.Select(item => Fault(
                problem, item.Index,
                "Is a time from the begin of the iteration, and with the objective span each device has its own: ask for makespan, or leave it out."));
        }

        var alone = dated.FindAll(item => dates.EarliestEnd(item.Index) > item.Item.Deadline);
        if (alone.Count > 0)
        {
            return alone.Select(item => Fault(
                problem, item.Index,
                $"No schedule keeps it: {item.Item.Name} cannot have ended before {problem.TimeScale.FromTicks(dates.EarliestEnd(item.Index))}."));
        }

        return dates.Late is not { } late ? [] : [Fault(problem, late, dates.IsTooMuch
            ? $"No schedule keeps the deadline of {problem.Fill[late].Name}: device {dates.LateDevice} has more to do in time than there is time for."
            : $"No schedule that keeps the deadline of {problem.Fill[late].Name} beside the others was found: give one of them more time.")];
    }

    /// <summary>The orders where they keep all deadlines, else with pieces moved forward until they do.</summary>
    public static IReadOnlyList<IReadOnlyList<Operation>> Keep(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> orders)
    {
        if (!problem.FillDates.HasDeadlines) return orders;
        for (var round = 0; round < MostRounds; round++)
        {
            var tried = new FillDeadlines(problem, orders);
            if (tried._timeline.KeepsDeadlines) return orders;
            orders = tried.Forward(orders);
        }

        return [.. orders.Select(order => order.OrderBy(operation => LatestStart(problem, operation)).ToArray())];
    }

    private static long LatestStart(Problem problem, Operation operation) =>
        operation.Item is not null ? problem.FillDates.LatestStart(problem.PlaceInFill(operation), operation.Microbatch) : FillDates.Any;

    private static ProfileError Fault(Problem problem, int place, string message) => new(
        $"$.profile.fill[{problem.FillNames.IndexOf(problem.Fill[place].Name)}].deadline", message, ProfileErrorKind.Impossible);

    private Operation[][] Forward(IReadOnlyList<IReadOnlyList<Operation>> orders) => [.. orders.Select(order => Forward(order).ToArray())];

    private IEnumerable<Operation> Forward(IReadOnlyList<Operation> order)
    {
        var late = new Queue<Operation>(order.Where(IsLate).OrderBy(operation => LatestStart(_problem, operation)));
        Operation[] others = [.. order.Where(operation => !IsLate(operation))];
        var (earliest, delay) = (new long[others.Length + 1], 0L);
        earliest[^1] = FillDates.Any;
        for (var place = others.Length - 1; place >= 0; place--) earliest[place] = Math.Min(earliest[place + 1], LatestStart(_problem, others[place]));
        for (var place = 0; place < others.Length; place++)
        {
            var operation = others[place];
            while (!operation.EndsPair && late.TryPeek(out var piece) && LatestStart(_problem, piece) is var latest
                && EndOf(operation) + delay > latest && earliest[place] > latest)
            {
                if (_delaysItsOwn) delay += EndOf(piece) - StartOf(piece);
                yield return late.Dequeue();
            }

            yield return operation;
        }

        foreach (var piece in late) yield return piece;
    }

    private bool IsLate(Operation operation) => operation.Item is not null && StartOf(operation) > LatestStart(_problem, operation);

    private long StartOf(Operation operation) => _timeline.StartOf(_timeline.Graph.IndexOf(operation));

    private long EndOf(Operation operation) => _timeline.EndOf(_timeline.Graph.IndexOf(operation));
}
