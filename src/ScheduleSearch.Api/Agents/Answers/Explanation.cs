using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Agents.Answers;

/// <summary>Why a schedule takes as long as it does.</summary>
/// <param name="Id">The id that was asked for.</param>
/// <param name="Revision">The name of the schedule.</param>
/// <param name="Status">The state of its search.</param>
/// <param name="Placement">Where its stages stand.</param>
/// <param name="TimeUnit">The unit of all times.</param>
/// <param name="MemoryUnit">The unit of all amounts of memory.</param>
/// <param name="Method">The family or search method that found it.</param>
/// <param name="Objective">What it is judged by: <c>makespan</c> or <c>span</c>.</param>
/// <param name="Makespan">Last end minus first start over all devices.</param>
/// <param name="Span">The largest device span.</param>
/// <param name="LowerBound">What no schedule of this problem can be better than.</param>
/// <param name="Bound">The name of the bound that proves it.</param>
/// <param name="Gap">(objective - lowerBound) / objective; 0 when the schedule is proved optimal.</param>
/// <param name="BubbleRatio">1 - (busy time of the busiest device) / objective.</param>
/// <param name="MeanIdle">The idle share of all devices together.</param>
/// <param name="LimitedBy">What devices are idle for most, in one sentence.</param>
/// <param name="Devices">Each device's time and memory.</param>
/// <param name="CriticalPath">The operations that the time follows from.</param>
/// <param name="WhatHelps">What would make it shorter, as far as these figures say.</param>
internal sealed record Explanation(
    string Id, string Revision, string Status, string Placement, string TimeUnit, string MemoryUnit, string Method, string Objective, decimal Makespan,
    decimal Span, decimal? LowerBound, string? Bound, double? Gap, double BubbleRatio, double MeanIdle, string LimitedBy,
    IReadOnlyList<DeviceExplanation> Devices, PathExplanation CriticalPath, IReadOnlyList<string> WhatHelps)
{
    /// <summary>Explains a stored schedule. Cost: linear in its operations.</summary>
    /// <param name="id">The id that was asked for.</param>
    /// <param name="stored">What is stored.</param>
    /// <param name="solution">The schedule.</param>
    public static Explanation Of(string id, StoredSchedule stored, Solution solution)
    {
        var (problem, metrics) = (solution.Problem, solution.Metrics);
        var time = problem.TimeScale;
        var path = PathExplanation.Of(CriticalPathAnswer.Of(solution, stored.Revision));
        var analysis = IdleAnalysis.Of(solution.Timeline, metrics);
        return new Explanation(
            id,
            stored.Revision!,
            stored.Status,
            problem.Placement.Name,
            problem.Profile.Times.Unit.ToString(),
            (problem.Profile.Memory?.Unit ?? Core.Profiles.MemoryUnit.MiB).ToString(),
            solution.Method,
            ProfileJson.NameOf(problem.Objective),
            time.FromTicks(metrics.Makespan),
            time.FromTicks(metrics.Span),
            solution.HasBound ? time.FromTicks(solution.Bound.Ticks) : null,
            solution.HasBound ? solution.Bound.Name : null,
            solution.ClaimedGap,
            metrics.BubbleRatio,
            metrics.MeanIdleRatio,
            analysis.LimitedBy,
            DeviceExplanation.Of(solution, analysis),
            path,
            Remedies.Of(solution, path));
    }
}
