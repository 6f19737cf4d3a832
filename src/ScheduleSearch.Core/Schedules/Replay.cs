using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Schedules;

/// <summary>Turns an order into times. Cost: linear in operations and dependencies, for each pass.</summary>
public static class Replay
{
    /// <summary>
    /// The times of an order under its problem's objective: every operation as early as possible for the makespan; first operations
    /// delayed just so far that the largest device span is the least that this order allows, for the span.
    /// </summary>
    /// <exception cref="DeadlockException">Operations wait for each other in a circle.</exception>
    public static Timeline Run(Schedule schedule)
    {
        var lanes = new LaneSequence(schedule);
        var starts = schedule.Problem.Objective == Objective.Makespan ? lanes.EarliestStarts() : LeastSpan.Starts(lanes);
        return new Timeline(schedule, starts);
    }
}
