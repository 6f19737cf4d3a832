using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Solver.Solutions;

/// <summary>The best schedule known for a problem, and how good any schedule could be. Its schedule has passed the verifier.</summary>
public sealed class Solution
{
    private Solution(Timeline timeline, ScheduleMetrics metrics, string method, ProvedBound bound)
    {
        Timeline = timeline;
        Metrics = metrics;
        Method = method;
        Bound = bound;
    }

    /// <summary>The problem that is solved.</summary>
    public Problem Problem => Timeline.Schedule.Problem;

    /// <summary>The schedule with its times.</summary>
    public Timeline Timeline { get; }

    /// <summary>What the schedule costs.</summary>
    public ScheduleMetrics Metrics { get; }

    /// <summary>The family or search method that found the schedule.</summary>
    public string Method { get; }

    /// <summary>The best proved lower bound on the objective.</summary>
    public ProvedBound Bound { get; }

    /// <summary>The objective in ticks.</summary>
    public long Objective => Metrics.Objective;

    /// <summary>(objective - bound) / objective: 0 when the schedule is proved optimal.</summary>
    public double Gap => (double)(Objective - Bound.Ticks) / Objective;

    /// <summary>Whether no schedule can be better.</summary>
    public bool IsOptimal => Objective == Bound.Ticks;

    /// <summary>Replays and verifies a schedule.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="method">The family or search method that found it.</param>
    /// <param name="bound">The best proved lower bound.</param>
    /// <exception cref="ContradictionException">The schedule is invalid, or better than a proved bound: a defect, never to be answered with.</exception>
    /// <exception cref="DeadlockException">The order cannot be carried out.</exception>
    public static Solution Verified(Schedule schedule, string method, ProvedBound bound)
    {
        var timeline = Replay.Run(schedule.OnWhole());
        var violations = Verifier.Check(schedule.Problem, TimedOperation.DevicesOf(timeline));
        if (violations.Count > 0) throw new ContradictionException($"{method} made an invalid schedule: {violations[0].Message}");
        var metrics = ScheduleMetrics.Of(timeline);
        if (metrics.Objective < bound.Ticks)
            throw new ContradictionException($"{method} reached {metrics.Objective} ticks, below the bound {bound.Name} of {bound.Ticks}.");
        return new Solution(timeline, metrics, method, bound);
    }

    /// <summary>The same schedule with a bound that is at least as large.</summary>
    /// <exception cref="ContradictionException">The bound is above the schedule's own objective.</exception>
    public Solution WithBound(ProvedBound bound)
    {
        if (bound.Ticks > Objective)
            throw new ContradictionException($"The bound {bound.Name} of {bound.Ticks} ticks is above {Objective}, which {Method} reached.");
        return bound.Ticks > Bound.Ticks ? new Solution(Timeline, Metrics, Method, bound) : this;
    }
}
