using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Schedules;

/// <summary>
/// What the length of a timeline follows from: operations of which each starts as soon as the one before it, and its message, let it. As long as none of
/// them takes less time, the order does not either.
/// </summary>
public static class CriticalPath
{
    /// <summary>As the other, for who asks for nothing else.</summary>
    public static IReadOnlyList<CriticalStep> Of(Timeline timeline) => Of(timeline, new StartReasons(timeline));

    /// <summary>
    /// The operations of the path, first to last; where there are several, one that stays on a device as long as it can. The last is the one that ends last
    /// of all; for the span, the one that ends last on the device of the largest span, and then the path may lead to another device's first operation.
    /// </summary>
    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="reasons">Why its operations start when they do.</param>
    public static IReadOnlyList<CriticalStep> Of(Timeline timeline, StartReasons reasons)
    {
        var steps = new List<CriticalStep>();
        for (int? next = LastOf(timeline); next is { } operation;)
        {
            var reason = reasons.Of(operation);
            steps.Add(new CriticalStep(operation, reason?.Lag ?? 0));
            next = reason?.Operation;
        }

        steps.Reverse();
        return steps;
    }

    private static int LastOf(Timeline timeline)
    {
        var schedule = timeline.Schedule;
        var device = Enumerable.Range(0, schedule.Problem.Devices).MaxBy(LengthOf);
        return schedule.OrderOf(device)[^1];

        long LengthOf(int device)
        {
            var order = schedule.OrderOf(device);
            return timeline.EndOf(order[^1]) - (schedule.Problem.Objective == Objective.Makespan ? 0 : timeline.StartOf(order[0]));
        }
    }
}
