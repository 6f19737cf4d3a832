using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>Somebody's order, checked and, where it can be, replayed.</summary>
/// <param name="Verification">What it costs, or the rules that it breaks.</param>
/// <param name="Solution">Its schedule, judged by the bounds in closed form; null where it breaks a rule.</param>
internal sealed record JudgedOrder(Verification Verification, Solution? Solution)
{
    /// <summary>What stands in the place of the method that found a schedule.</summary>
    public const string Method = "own";

    private const string Deadlock = "deadlock";

    /// <summary>Checks somebody's order, and the times when they are claimed.</summary>
    /// <exception cref="InvalidProfileException">Some operations have times and some have none, or a time is beyond any schedule.</exception>
    public static JudgedOrder Of(ClaimedOrder order)
    {
        var problem = order.Problem;
        var claimed = ClaimedTimes.Of(problem, order.Devices);
        if (Verifier.CheckOrder(problem, order.Operations) is { Count: > 0 } rules) return Broken(order, rules);
        try
        {
            var timeline = Replay.Run(Schedule.Of(problem, order.Operations));
            IReadOnlyList<Violation> broken = claimed is not null ? Verifier.Check(claimed.Problem, claimed.Exactly(timeline))
                : timeline.KeepsDeadlines ? []
                : Verifier.Check(problem, TimedOperation.DevicesOf(timeline));
            var violations = order.AsSent(broken);
            var bound = BoundCatalogue.Best(problem);
            var verification = Verification.Replayed(timeline, violations, bound.Ticks);
            return new(verification, violations.Count == 0 ? Solution.Verified(timeline.Schedule, Method, bound) : null);
        }
        catch (DeadlockException deadlock)
        {
            var device = problem.Placement.DeviceOf(deadlock.Operation.Pipe, deadlock.Operation.Stage);
            var position = Array.IndexOf(order.Operations[device], deadlock.Operation);
            return Broken(order, [new Violation(Deadlock, device, position, deadlock.Message)]);
        }
        catch (ArgumentException circle) when (FirstPair(order.Operations) is var (device, position))
        {
            // Complete orders fail to make a graph only where pairs wait for each other.
            return Broken(order, [new Violation(Deadlock, device, position, circle.Message)]);
        }
    }

    private static JudgedOrder Broken(ClaimedOrder order, IReadOnlyList<Violation> violations) => new(
        Verification.Broken(order.Problem, order.AsSent(violations)), null);

    private static (int Device, int Position)? FirstPair(Operation[][] orders)
    {
        for (var device = 0; device < orders.Length; device++)
        {
            if (Array.FindIndex(orders[device], operation => operation.BeginsPair) is >= 0 and var position)
                return (device, position);
        }

        return null;
    }
}
