using FsCheck.Xunit;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Schedules;

public class ScheduleMetricsTests
{
    [Property(MaxTest = 500)]
    public void Idle_time_adds_up_and_peaks_are_the_largest_sum_of_what_is_held(Seed seed)
    {
        var random = new Random(seed.Item);
        var problem = RandomProblems.Next(random);
        var timeline = Replay.Run(RandomOrders.Next(problem, random));
        var metrics = ScheduleMetrics.Of(timeline);
        var devices = TimedOperation.DevicesOf(timeline);

        metrics.Makespan.ShouldBe(devices.Max(order => order[^1].End) - devices.Min(order => order[0].Start));
        metrics.Span.ShouldBe(devices.Max(order => order[^1].End - order[0].Start));
        metrics.Objective.ShouldBe(problem.Objective == Objective.Makespan ? metrics.Makespan : metrics.Span);
        metrics.BubbleRatio.ShouldBe((double)(metrics.Objective - metrics.Busy.Max()) / metrics.Objective);
        for (var device = 0; device < problem.Devices; device++)
        {
            var (warmUp, steady, coolDown) = metrics.Idle[device];
            metrics.Busy[device].ShouldBe(devices[device].Sum(timed => timed.End - timed.Start));
            (warmUp + steady + coolDown).ShouldBe(metrics.Objective - metrics.Busy[device]);
            Math.Min(Math.Min(warmUp, steady), coolDown).ShouldBeGreaterThanOrEqualTo(0);
            metrics.PeakMemory[device].ShouldBe(NaivePeak(problem, [.. devices[device].Select(timed => timed.Operation)]));
        }
    }

    [Fact]
    public void Idle_time_is_split_where_backwards_begin_and_forwards_end()
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 2, backwardInput: 2), splitBackward: false);
        var gpipe = Schedule.Of(problem,
        [
            [Operation.Forward(0, 0), Operation.Forward(0, 1), Operation.Backward(0, 0), Operation.Backward(0, 1)],
            [Operation.Forward(1, 0), Operation.Backward(1, 0), Operation.Forward(1, 1), Operation.Backward(1, 1)],
        ]);

        var metrics = ScheduleMetrics.Of(Replay.Run(gpipe));

        // Device 0: forwards 0-2, backwards 5-8 and 9-12. Device 1: 1-2, 2-5, 5-6, 6-9.
        metrics.Idle.ShouldBe([new IdleTime(WarmUp: 3, Steady: 0, CoolDown: 1), new IdleTime(WarmUp: 1, Steady: 0, CoolDown: 3)]);
        (metrics.Makespan, metrics.Span, metrics.Objective).ShouldBe((12, 12, 12));
        metrics.PeakMemory.ShouldBe([2, 1]);
        metrics.BubbleRatio.ShouldBe(4 / 12.0);
    }

    [Fact]
    public void Idle_time_between_the_first_backward_and_the_last_forward_is_steady()
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 2), splitBackward: false);
        Operation[] OneAfterTheOther(int stage) =>
            [Operation.Forward(stage, 0), Operation.Backward(stage, 0), Operation.Forward(stage, 1), Operation.Backward(stage, 1)];

        var metrics = ScheduleMetrics.Of(Replay.Run(Schedule.Of(problem, [OneAfterTheOther(0), OneAfterTheOther(1)])));

        // Device 0: 0-1, 4-6, 6-7, 10-12. Device 1: 1-2, 2-4, 7-8, 8-10.
        metrics.Idle.ShouldBe([new IdleTime(WarmUp: 3, Steady: 0, CoolDown: 3), new IdleTime(WarmUp: 1, Steady: 3, CoolDown: 2)]);
        metrics.Busy.ShouldBe([6, 6]);
    }

    [Fact]
    public void The_warm_up_goes_on_while_a_forward_is_recomputed()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 1, forward: 2, backwardInput: 3, backwardWeight: 0) with { Recompute = new() { Kept = 0 } };
        var problem = Problem.Create(profile, splitBackward: false);
        Operation[] Order(int stage) =>
            [Operation.Forward(stage, 0), Operation.Forward(stage, 0) with { Kind = OperationKind.Recompute }, Operation.Backward(stage, 0)];

        var metrics = ScheduleMetrics.Of(Replay.Run(Schedule.Of(problem, [Order(0), Order(1)])));

        // Device 0: 0-2, 2-4, 9-12. Device 1: 2-4, 4-6, 6-9.
        metrics.Idle.ShouldBe([new IdleTime(WarmUp: 5, Steady: 0, CoolDown: 0), new IdleTime(WarmUp: 2, Steady: 0, CoolDown: 3)]);
    }

    [Fact]
    public void For_the_span_each_device_is_judged_from_its_own_start()
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 1, communication: 10), Objective.Span, splitBackward: false);

        Operation[] Order(int stage) => [Operation.Forward(stage, 0), Operation.Backward(stage, 0)];

        var metrics = ScheduleMetrics.Of(Replay.Run(Schedule.Of(problem, [Order(0), Order(1)])));

        // Device 0: 0-1 and 24-26. Device 1: 11-12, 12-14, and 23 more until it has had as long as device 0.
        decimal Units(long ticks) => problem.TimeScale.FromTicks(ticks);
        metrics.Idle.Select(idle => (Units(idle.WarmUp), Units(idle.Steady), Units(idle.CoolDown))).ShouldBe([(23, 0, 0), (0, 0, 23)]);
        (Units(metrics.Makespan), Units(metrics.Span), Units(metrics.Objective)).ShouldBe((26, 26, 26));
    }

    /// <summary>The sum over microbatches and stages of what each has left at every moment of the order.</summary>
    private static long NaivePeak(Problem problem, IReadOnlyList<Operation> order)
    {
        var peak = 0L;
        for (var now = 0; now < order.Count; now++)
        {
            var held = 0L;
            foreach (var forward in order.Take(now + 1).Where(operation => operation.Kind == OperationKind.Forward))
            {
                bool Ended(OperationKind kind) => order.Take(now).Contains(forward with { Kind = kind });
                if (Ended(OperationKind.Backward) || Ended(OperationKind.BackwardWeight)) continue;
                bool Begun(OperationKind kind) => Ended(kind) || order[now] == forward with { Kind = kind };
                held += Ended(OperationKind.BackwardInput) ? problem.Retained[forward.Stage] : problem.Activation[forward.Stage];
                if (Begun(OperationKind.BackwardInput) || Begun(OperationKind.Backward)) held += problem.Growth[forward.Stage];
            }

            peak = Math.Max(peak, held);
        }

        return peak;
    }
}
