using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Schedules;

/// <summary>An operation with its times, as an answer lists it.</summary>
/// <param name="Operation">What is done.</param>
/// <param name="Start">Start in ticks.</param>
/// <param name="End">End in ticks.</param>
public readonly record struct TimedOperation(Operation Operation, long Start, long End)
{
    /// <summary>The operations of a timeline by device: those of its compute lane in execution order, then those of each of its other lanes.</summary>
    public static IReadOnlyList<IReadOnlyList<TimedOperation>> DevicesOf(Timeline timeline) =>
        [.. Enumerable.Range(0, timeline.Schedule.Problem.Devices).Select(device => OnDevice(timeline, device))];

    private static List<TimedOperation> OnDevice(Timeline timeline, int device)
    {
        var timed = new List<TimedOperation>();
        foreach (var lane in timeline.Graph.LanesOf(device))
        {
            foreach (var operation in timeline.Schedule.OrderOf(lane))
                timed.Add(new(timeline.Graph.Operations[operation], timeline.StartOf(operation), timeline.EndOf(operation)));
        }

        return timed;
    }
}
