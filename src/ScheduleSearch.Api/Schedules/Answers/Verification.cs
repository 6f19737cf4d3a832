using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>What an order costs when it is replayed, or the rules that it breaks.</summary>
/// <param name="Valid">Whether no rule is broken.</param>
/// <param name="Violations">The rules that are broken, at most the first 20.</param>
/// <param name="Objective">What the order is judged by.</param>
/// <param name="Makespan">Last end minus first start over all devices, replayed.</param>
/// <param name="Span">The largest device span, replayed.</param>
/// <param name="LowerBound">What no order of this problem can be better than.</param>
/// <param name="Gap">(objective - lowerBound) / objective.</param>
/// <param name="BubbleRatio">1 - (busy time of the busiest device) / objective.</param>
/// <param name="PeakMemory">The most activation memory that each device holds at once.</param>
/// <param name="WeightMemory">The memory of the weights on each device, where the profile states it.</param>
internal sealed record Verification(
    bool Valid, IReadOnlyList<Violation> Violations, string Objective, decimal? Makespan = null, decimal? Span = null, decimal? LowerBound = null,
    double? Gap = null, double? BubbleRatio = null, IReadOnlyList<decimal>? PeakMemory = null, IEnumerable<decimal>? WeightMemory = null)
{
    /// <summary>1 - (busy time of all devices) / (devices x objective): the idle share of all device time.</summary>
    public double? MeanIdle { get; init; }

    /// <summary>What devices are idle for most, in one sentence that is true of this order.</summary>
    public string? LimitedBy { get; init; }

    /// <summary>The idle time of each device, by phase and by cause.</summary>
    public IEnumerable<IdleAnswer>? Idle { get; init; }

    /// <summary>Members of the profile that are right and yet may not say what is meant, by their JSON path; absent when there are none.</summary>
    public IReadOnlyDictionary<string, string[]>? Warnings { get; init; }

    /// <summary>Checks what is stored, as if somebody had sent it with its times.</summary>
    public static Verification Of(Solution stored)
    {
        var violations = Verifier.Check(stored.Problem, TimedOperation.DevicesOf(stored.Timeline));
        return Replayed(stored.Timeline, violations, stored.Bound.Ticks);
    }

    /// <summary>What is answered of an order that cannot be replayed.</summary>
    public static Verification Broken(Problem problem, IReadOnlyList<Violation> violations) =>
        new(false, violations, ProfileJson.NameOf(problem.Objective)) { Warnings = Answers.Warnings.Of(problem.Profile) };

    /// <summary>What is answered of an order that was replayed.</summary>
    /// <param name="timeline">Its times.</param>
    /// <param name="violations">The rules that its times break, or those that were claimed.</param>
    /// <param name="bound">Ticks that no order can be better than.</param>
    public static Verification Replayed(Timeline timeline, IReadOnlyList<Violation> violations, long bound)
    {
        var (problem, metrics) = (timeline.Schedule.Problem, ScheduleMetrics.Of(timeline));
        var (time, analysis) = (problem.TimeScale, IdleAnalysis.Of(timeline, metrics));
        return new(
            violations.Count == 0,
            violations,
            ProfileJson.NameOf(problem.Objective),
            time.FromTicks(metrics.Makespan),
            time.FromTicks(metrics.Span),
            time.FromTicks(bound),
            (double)(metrics.Objective - bound) / metrics.Objective,
            metrics.BubbleRatio,
            [.. metrics.PeakMemory.Select(problem.MemoryScale.FromTicks)],
            ScheduleResult.WeightsOf(problem))
        {
            MeanIdle = metrics.MeanIdleRatio,
            LimitedBy = analysis.LimitedBy,
            Idle = IdleAnswer.Of(metrics, analysis, time),
            Warnings = Answers.Warnings.Of(problem.Profile),
        };
    }
}
