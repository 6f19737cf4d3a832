using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Operations;
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
    private const string Deadlock = "deadlock";

    /// <summary>Checks somebody's order, and the times when they are claimed.</summary>
    /// <exception cref="InvalidProfileException">Some operations have times and some have none, or a time is beyond any schedule.</exception>
    public static Verification Of(Problem problem, ClaimedOperation[][] devices)
    {
        var claimed = ClaimedTimes.Of(problem, devices);
        var orders = devices.Select(order => order.SelectMany(claim => claim.Operations).ToArray()).ToArray();
        var violations = Verifier.CheckOrder(problem, orders);
        if (violations.Count > 0) return Broken(problem, devices, violations);
        try
        {
            var timeline = Replay.Run(Schedule.Of(problem, orders));
            return Replayed(
                problem, ScheduleMetrics.Of(timeline), claimed is null ? [] : AsListed(devices, Verifier.Check(claimed.Problem, claimed.Exactly(timeline))),
                BoundCatalogue.Best(problem).Ticks);
        }
        catch (DeadlockException deadlock)
        {
            var device = problem.Placement.DeviceOf(deadlock.Operation.Pipe, deadlock.Operation.Stage);
            return Broken(problem, devices, [new Violation(Deadlock, device, Array.IndexOf(orders[device], deadlock.Operation), deadlock.Message)]);
        }
        catch (ArgumentException circle) when (FirstPair(orders) is var (device, position))
        {
            // Complete orders fail to make a graph only where pairs wait for each other.
            return Broken(problem, devices, [new Violation(Deadlock, device, position, circle.Message)]);
        }
    }

    /// <summary>Checks what is stored, as if somebody had sent it with its times.</summary>
    public static Verification Of(Solution stored)
    {
        var violations = Verifier.Check(stored.Problem, TimedOperation.DevicesOf(stored.Timeline));
        return Replayed(stored.Problem, stored.Metrics, violations, stored.Bound.Ticks);
    }

    private static (int Device, int Position)? FirstPair(Operation[][] orders)
    {
        for (var device = 0; device < orders.Length; device++)
        {
            if (Array.FindIndex(orders[device], operation => operation.BeginsPair) is >= 0 and var position)
                return (device, position);
        }

        return null;
    }

    private static Verification Broken(Problem problem, ClaimedOperation[][] devices, IReadOnlyList<Violation> violations) =>
        new(false, AsListed(devices, violations), ProfileJson.NameOf(problem.Objective));

    /// <summary>The violations with the positions of the entries that were sent, where a pair is one.</summary>
    private static IReadOnlyList<Violation> AsListed(ClaimedOperation[][] devices, IReadOnlyList<Violation> violations) =>
    [
        .. violations.Select(violation =>
            violation.Position < 0 ? violation : violation with { Position = EntryOf(devices[violation.Device], violation.Position) }),
    ];

    private static int EntryOf(ClaimedOperation[] order, int position)
    {
        var entry = 0;
        for (; position >= (order[entry].Backward is null ? 1 : 2); entry++) position -= order[entry].Backward is null ? 1 : 2;
        return entry;
    }

    private static Verification Replayed(Problem problem, ScheduleMetrics metrics, IReadOnlyList<Violation> violations, long bound) => new(
        violations.Count == 0,
        violations,
        ProfileJson.NameOf(problem.Objective),
        problem.TimeScale.FromTicks(metrics.Makespan),
        problem.TimeScale.FromTicks(metrics.Span),
        problem.TimeScale.FromTicks(bound),
        (double)(metrics.Objective - bound) / metrics.Objective,
        metrics.BubbleRatio,
        [.. metrics.PeakMemory.Select(problem.MemoryScale.FromTicks)],
        ScheduleResult.WeightsOf(problem));
}
