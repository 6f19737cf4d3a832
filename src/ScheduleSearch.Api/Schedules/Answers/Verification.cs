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

    /// <summary>
    /// The id under which the order is kept, another one than its problem's: wherever an id of a schedule is taken, this one does. Absent where it is not kept.
    /// </summary>
    /// <example>6235d1e53d81be86f73af26d405147748f7f7763bf6e04518c5de33b9cbed7ba</example>
    public string? Id { get; init; }

    /// <summary>The name of what is kept, as answers of schedules have it.</summary>
    /// <example>5f1d7a84c0e2b396</example>
    public string? Revision { get; init; }

    /// <summary>
    /// The operations that the length follows from. Absent where they are more than 1,000: <c>/schedules/{id}/critical-path</c> lists them all.
    /// </summary>
    public CriticalPathAnswer? CriticalPath { get; init; }

    /// <summary>
    /// The searched schedule of the same problem beside it; absent where none is stored and the order is proved optimal, or the server is busy.
    /// </summary>
    public SearchedAnswer? Searched { get; init; }

    /// <summary>Members of the profile that are right and yet may not say what is meant, by their JSON path; absent when there are none.</summary>
    public IReadOnlyDictionary<string, string[]>? Warnings { get; init; }

    /// <summary>Checks what is stored, as if somebody had sent it with its times.</summary>
    /// <param name="stored">The schedule.</param>
    /// <param name="id">The id under which it is stored.</param>
    /// <param name="revision">Its name.</param>
    public static Verification Of(Solution stored, string id, string? revision)
    {
        var violations = Verifier.Check(stored.Problem, TimedOperation.DevicesOf(stored.Timeline));
        return Replayed(stored.Timeline, violations, stored.Bound.Ticks) with
        {
            Id = id,
            Revision = revision,
            CriticalPath = CriticalPathAnswer.Short(stored, revision),
        };
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
