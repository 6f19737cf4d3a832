using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Fill;

/// <summary>
/// Puts pieces into orders that do not have them: by the replay of the orders, each piece, item by item, those that are due first first, into the first gap of
/// its device that holds it once what it waits for is there, and the rest after all else. What the orders have keeps its times.
/// </summary>
internal sealed class FillOrder
{
    private readonly Problem _problem;
    private readonly List<Slot>[] _slots;

    private FillOrder(Problem problem, Timeline timeline)
    {
        _problem = problem;
        _slots = [.. Enumerable.Range(0, problem.Devices).Select(device => SlotsOf(timeline, device).ToList())];
    }

    /// <summary>The orders with all pieces. Cost: that of a replay, and for each piece the operations of its device.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="orders">For each device its operations but the pieces.</param>
    public static IReadOnlyList<IReadOnlyList<Operation>> Complete(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> orders)
    {
        var atEnd = orders.Select((order, device) =>
            (IReadOnlyList<Operation>)[.. order, .. problem.Fill.Where(item => item.Device == device).SelectMany(item => item.Pieces(problem))]);
        return new FillOrder(problem, Replay.Run(Schedule.Of(problem, [.. atEnd]))).Completed();
    }

    private List<Operation>[] Completed()
    {
        var ends = new long[_problem.Fill.Length];
        foreach (var (place, item) in _problem.Fill.Index().OrderBy(item => _problem.FillDates.LatestStart(item.Index, item.Item.First)))
        {
            var ready = item.After.Select(before => ends[before] + _problem.Lag(_problem.Fill[before].Device, item.Device)).DefaultIfEmpty().Max();
            // For the span, what is before a device's first operation is no gap.
            var from = _problem.Objective == Objective.Span ? 1 : 0;
            foreach (var piece in item.Pieces(_problem)) ready = Put(piece, item, ready, ref from);
            ends[place] = ready;
        }

        return [.. _slots.Select(slots => slots.ConvertAll(slot => slot.Operation))];
    }

    /// <summary>Puts a piece into the first gap from a time and a place on; its end, and the place after it.</summary>
    private long Put(Operation piece, FillPieces item, long ready, ref int place)
    {
        var slots = _slots[item.Device];
        while (place < slots.Count && Begin(place) + item.Duration > slots[place].Start) place++;
        var begin = Begin(place);
        slots.Insert(place++, new Slot(piece, begin, begin + item.Duration));
        return begin + item.Duration;

        long Begin(int before) => Math.Max(ready, before == 0 ? 0 : slots[before - 1].End);
    }

    /// <summary>The operations of a device but the pieces.</summary>
    private static IEnumerable<Slot> SlotsOf(Timeline timeline, int device)
    {
        foreach (var operation in timeline.Schedule.OperationsOn(device).Where(operation => operation.Facts.IsOfMicrobatch))
        {
            var index = timeline.Graph.IndexOf(operation);
            yield return new Slot(operation, timeline.StartOf(index), timeline.EndOf(index));
        }
    }

    private readonly record struct Slot(Operation Operation, long Start, long End);
}
