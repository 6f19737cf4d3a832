using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Storage;

/// <summary>What the table states of the best schedule so far. Nothing vouches for it until the order is replayed and verified.</summary>
/// <param name="ObjectiveTicks">Its objective in ticks of the problem; null while there is no schedule.</param>
/// <param name="BoundTicks">The lower bound in the same ticks.</param>
/// <param name="BoundName">What proves the bound.</param>
/// <param name="Gap">(objective - bound) / objective; null where no bound is claimed, as of the p95 of scenarios.</param>
/// <param name="Method">What found the schedule.</param>
/// <param name="Makespan">In the profile's unit.</param>
/// <param name="Span">In the profile's unit.</param>
/// <param name="LowerBound">In the profile's unit; null where no bound is claimed.</param>
/// <param name="Order">The order of each device, as <see cref="OrderCodec"/> writes it; a choice has none of its own.</param>
internal sealed record StoredResult(
    long? ObjectiveTicks, long? BoundTicks, string? BoundName, double? Gap, string? Method, decimal? Makespan, decimal? Span, decimal? LowerBound,
    byte[]? Order)
{
    /// <summary>Whether nothing can be better.</summary>
    public bool IsOptimal => ObjectiveTicks == BoundTicks;

    /// <summary>What is stated of a solution.</summary>
    public static StoredResult Of(Solution solution)
    {
        var scale = solution.Problem.TimeScale;
        return new StoredResult(
            solution.Objective,
            solution.Bound.Ticks,
            solution.Bound.Name,
            solution.ClaimedGap,
            solution.Method,
            scale.FromTicks(solution.Metrics.Makespan),
            scale.FromTicks(solution.Metrics.Span),
            solution.HasBound ? scale.FromTicks(solution.Bound.Ticks) : null,
            OrderCodec.Encode(solution.Timeline.Schedule));
    }

    /// <summary>What is stated of a choice: the figures of the alternative that leads, in that one's ticks; null while none does.</summary>
    public static StoredResult? Of(ChoiceStanding standing)
    {
        if (standing.Leader is not { Stored.Result: { ObjectiveTicks: { } objective } result, Problem: { } problem }) return null;
        var bound = standing.Bound;
        return result with
        {
            BoundTicks = standing.IsOptimal ? objective : Math.Min(problem.TimeScale.ToTicksBelow(bound.Time), objective - 1),
            BoundName = bound.Name,
            Gap = standing.Gap,
            LowerBound = bound.Time,
            Order = null,
        };
    }
}
