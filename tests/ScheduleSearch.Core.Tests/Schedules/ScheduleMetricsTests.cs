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
                held += Ended(OperationKind.BackwardInput) ? problem.Retained[forward.Stage] : problem.Activation[forward.Stage];
            }

            peak = Math.Max(peak, held);
        }

        return peak;
    }
}
