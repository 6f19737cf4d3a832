using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Solver.Solutions;

/// <summary>The best schedule known for a problem, and how good any schedule could be. Its schedule has passed the verifier.</summary>
public sealed class Solution
{
    private Solution(Timeline timeline, ScheduleMetrics metrics, ScenarioFigures? scenarios, string method, ProvedBound bound)
    {
        Timeline = timeline;
        Metrics = metrics;
        Scenarios = scenarios;
        Method = method;
        Bound = bound;
    }

    /// <summary>The problem that is solved.</summary>
    public Problem Problem => Timeline.Schedule.Problem;

    /// <summary>The schedule with its times.</summary>
    public Timeline Timeline { get; }

    /// <summary>What the schedule costs at the profile's durations.</summary>
    public ScheduleMetrics Metrics { get; }

    /// <summary>What it takes in the scenarios of its problem, by which it is judged then; null where durations do not vary.</summary>
    public ScenarioFigures? Scenarios { get; }

    /// <summary>The family or search method that found the schedule.</summary>
    public string Method { get; }

    /// <summary>The best proved lower bound on the objective.</summary>
    public ProvedBound Bound { get; }

    /// <summary>What the schedule is judged by, in ticks: the objective at the profile's durations, or its statistic over the scenarios.</summary>
    public long Objective => Scenarios?.Ticks ?? Metrics.Objective;

    /// <summary>Whether anything is proved of what schedules are judged by: not of the p95 of scenarios.</summary>
    public bool HasBound => Problem.Robust is not { Statistic: not Statistic.Mean };

    /// <summary>(objective - bound) / objective: 0 when the schedule is proved optimal, 1 where nothing is proved.</summary>
    public double Gap => (double)(Objective - Bound.Ticks) / Objective;

    /// <summary>The same; null where no bound is claimed.</summary>
    public double? ClaimedGap => HasBound ? Gap : null;

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
        var solution = new Solution(timeline, ScheduleMetrics.Of(timeline), schedule.Problem.Scenarios?.Judge(timeline), method, bound);
        if (solution.Objective < bound.Ticks)
            throw new ContradictionException($"{method} reached {solution.Objective} ticks, below the bound {bound.Name} of {bound.Ticks}.");
        return solution;
    }

    /// <summary>What a schedule with its times is judged by, in ticks.</summary>
    public static long ObjectiveOf(Timeline timeline) =>
        timeline.Schedule.Problem.Scenarios is { } scenarios ? scenarios.Judge(timeline).Ticks : ScheduleMetrics.Of(timeline).Objective;

    /// <summary>Whether its objective is so many ticks; where it is a statistic but for rounding, since another machine may have computed it.</summary>
    public bool IsWorth(long ticks) => Scenarios?.IsWorth(ticks) ?? Objective == ticks;

    /// <summary>The same schedule with a bound that is at least as large.</summary>
    /// <exception cref="ContradictionException">The bound is above the schedule's own objective.</exception>
    public Solution WithBound(ProvedBound bound)
    {
        if (bound.Ticks > Objective)
            throw new ContradictionException($"The bound {bound.Name} of {bound.Ticks} ticks is above {Objective}, which {Method} reached.");
        return bound.Ticks > Bound.Ticks ? new Solution(Timeline, Metrics, Scenarios, Method, bound) : this;
    }
}
