using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Api.Schedules;

/// <summary>What verify takes: a profile and somebody's order of its operations.</summary>
/// <param name="Profile">The profile.</param>
/// <param name="Options">Objective and splitBackward; the rest counts for nothing here.</param>
/// <param name="Devices">For each device its operations in order, all of them with start and end or none.</param>
internal sealed record VerifyRequest(Profile Profile, SolveOptions? Options, IReadOnlyList<IReadOnlyList<VerifyOperation>> Devices);

/// <summary>An operation of somebody's order.</summary>
/// <param name="Op" example="forward"><c>forward</c>, <c>backwardInput</c>, <c>backwardWeight</c> or <c>backward</c>.</param>
/// <param name="Stage" example="0">The stage, from 0.</param>
/// <param name="Microbatch" example="0">The microbatch, from 0.</param>
/// <param name="Pipe">The pipe, from 0. Default 0.</param>
/// <param name="Start" example="0">The start that is claimed.</param>
/// <param name="End" example="1">The end that is claimed.</param>
internal sealed record VerifyOperation(string Op, int Stage, int Microbatch, int? Pipe, decimal? Start, decimal? End);

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
internal sealed record Verification(
    bool Valid, IReadOnlyList<Violation> Violations, string Objective, decimal? Makespan = null, decimal? Span = null, decimal? LowerBound = null,
    double? Gap = null, double? BubbleRatio = null, IReadOnlyList<decimal>? PeakMemory = null)
{
    /// <summary>Checks somebody's order, and the times when they are claimed.</summary>
    /// <exception cref="InvalidProfileException">Some operations have times and some have none, or a time is beyond any schedule.</exception>
    public static Verification Of(Problem problem, ClaimedOperation[][] devices)
    {
        var claimed = ClaimedTimes.Of(problem, devices);
        var orders = devices.Select(order => order.Select(claim => claim.Operation).ToArray()).ToArray();
        var violations = Verifier.CheckOrder(problem, orders);
        if (violations.Count > 0) return Broken(problem, violations);
        try
        {
            var metrics = ScheduleMetrics.Of(Replay.Run(Schedule.Of(problem, orders)));
            return Replayed(problem, metrics, claimed is null ? [] : Verifier.Check(claimed.Problem, claimed.Devices));
        }
        catch (DeadlockException deadlock)
        {
            var device = problem.Placement.DeviceOf(deadlock.Operation.Pipe, deadlock.Operation.Stage);
            return Broken(problem, [new Violation("deadlock", device, Array.IndexOf(orders[device], deadlock.Operation), deadlock.Message)]);
        }
    }

    private static Verification Broken(Problem problem, IReadOnlyList<Violation> violations) =>
        new(false, violations, ProfileJson.NameOf(problem.Objective));

    private static Verification Replayed(Problem problem, ScheduleMetrics metrics, IReadOnlyList<Violation> violations)
    {
        var bound = BoundCatalogue.Best(problem).Ticks;
        return new Verification(
            violations.Count == 0,
            violations,
            ProfileJson.NameOf(problem.Objective),
            problem.TimeScale.FromTicks(metrics.Makespan),
            problem.TimeScale.FromTicks(metrics.Span),
            problem.TimeScale.FromTicks(bound),
            (double)(metrics.Objective - bound) / metrics.Objective,
            metrics.BubbleRatio,
            [.. metrics.PeakMemory.Select(problem.MemoryScale.FromTicks)]);
    }
}
