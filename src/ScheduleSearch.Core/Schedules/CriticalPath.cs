namespace ScheduleSearch.Core.Schedules;

/// <summary>
/// What the length of a timeline follows from: operations of which each starts as soon as the one before it lets it. As long as none of them takes less
/// time, the order does not either. The path ends with the last operation of all where the makespan counts, and with the last one of the device of the
/// longest span where that does.
/// </summary>
public static class CriticalPath
{
    /// <summary>The operations of the path, first to last; where there are several, one that stays on a device as long as it can.</summary>
    public static IReadOnlyList<CriticalStep> Of(Timeline timeline)
    {
        var previous = PreviousOnLane(timeline.Schedule);
        var steps = new List<CriticalStep>();
        for (int? next = Last(timeline); next is { } operation;)
        {
            var (before, lag) = Before(timeline, previous, operation);
            steps.Add(new CriticalStep(operation, lag));
            next = before;
        }

        steps.Reverse();
        return steps;
    }

    private static int Last(Timeline timeline)
    {
        var schedule = timeline.Schedule;
        var lasts = Enumerable.Range(0, schedule.Problem.Devices).Select(device => schedule.OrderOf(device).ToArray());
        return schedule.Problem.Objective == Profiles.Objective.Makespan
            ? lasts.MaxBy(order => timeline.EndOf(order[^1]))![^1]
            : lasts.MaxBy(order => timeline.EndOf(order[^1]) - timeline.StartOf(order[0]))![^1];
    }

    /// <summary>What an operation started right after, and the ticks between; null when nothing kept it from starting sooner.</summary>
    private static (int? Before, long Lag) Before(Timeline timeline, int[] previous, int operation)
    {
        var start = timeline.StartOf(operation);
        if (previous[operation] is >= 0 and var same && timeline.EndOf(same) == start) return (same, 0);
        foreach (var (dependency, lag) in timeline.Graph.DependenciesOf(operation))
        {
            if (timeline.EndOf(dependency) + lag == start) return (dependency, lag);
        }

        return (null, 0);
    }

    private static int[] PreviousOnLane(Schedule schedule)
    {
        var previous = new int[schedule.Graph.Count];
        Array.Fill(previous, -1);
        for (var lane = 0; lane < schedule.Graph.Lanes.Count; lane++)
        {
            var order = schedule.OrderOf(lane);
            for (var position = 1; position < order.Length; position++) previous[order[position]] = order[position - 1];
        }

        return previous;
    }
}
