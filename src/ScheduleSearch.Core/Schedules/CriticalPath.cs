using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Schedules;

/// <summary>The operations that made a timeline as long as it is: each started when the one before it, and its message, let it.</summary>
public static class CriticalPath
{
    /// <summary>
    /// The operations, first to last. The last is the one that ends last of all; for the span, the one that ends last on the device of the largest span, and
    /// then the path may lead to another device's first operation.
    /// </summary>
    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="reasons">Why its operations start when they do.</param>
    public static IReadOnlyList<int> Of(Timeline timeline, StartReasons reasons)
    {
        var path = new List<int>();
        for (Dependency? step = new(LastOf(timeline), 0); step is { } reached; step = reasons.Of(reached.Operation)) path.Add(reached.Operation);
        path.Reverse();
        return path;
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
