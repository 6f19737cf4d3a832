using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Schedules;

/// <summary>An operation with its times, as an answer lists it.</summary>
/// <param name="Operation">What is done.</param>
/// <param name="Start">Start in ticks.</param>
/// <param name="End">End in ticks.</param>
public readonly record struct TimedOperation(Operation Operation, long Start, long End)
{
    /// <summary>The operations of a timeline, by device, in execution order.</summary>
    public static IReadOnlyList<IReadOnlyList<TimedOperation>> DevicesOf(Timeline timeline) =>
        [.. Enumerable.Range(0, timeline.Schedule.Problem.Devices).Select(device => OnDevice(timeline, device))];

    private static TimedOperation[] OnDevice(Timeline timeline, int device)
    {
        var order = timeline.Schedule.OrderOf(device);
        var timed = new TimedOperation[order.Length];
        for (var position = 0; position < timed.Length; position++)
        {
            var operation = order[position];
            timed[position] = new(timeline.Graph.Operations[operation], timeline.StartOf(operation), timeline.EndOf(operation));
        }

        return timed;
    }
}
