using FsCheck.Xunit;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Instructions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Schedules;

public class StartReasonsTests
{
    [Fact]
    public void The_path_of_two_devices_passes_the_last_stage() =>
        PathOf(Worked.Of("1f1b", Problem.Create(Shape.Profile(devices: 2, microbatches: 2), splitBackward: false))).ShouldBe(
        [
            Operation.Forward(0, 0), Operation.Forward(1, 0), Operation.Backward(1, 0),
            Operation.Forward(1, 1), Operation.Backward(1, 1), Operation.Backward(0, 1),
        ]);

    [Fact]
    public void The_path_of_a_span_ends_on_the_device_that_decides_it()
    {
        // Rank 0 waits for the message there and back, while rank 1 is done early and makes no span.
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 1, communication: 3), Objective.Span, splitBackward: false);
        PathOf(Worked.Of("1f1b", problem)).ShouldBe(
            [Operation.Forward(0, 0), Operation.Forward(1, 0), Operation.Backward(1, 0), Operation.Backward(0, 0)]);
    }

    [Property(MaxTest = 300)]
    public void Each_operation_of_it_starts_when_the_one_before_and_its_message_let_it(Seed seed)
    {
        var random = new Random(seed.Item);
        var timeline = random.Chance(50) ? FeaturedSchedules.Draw(seed) : Replay.Run(RandomOrders.Next(RandomProblems.NextFeatured(random), random));
        var reasons = new StartReasons(timeline);
        var path = CriticalPath.Of(timeline, reasons).Select(step => step.Operation).ToList();
        var ofSpan = timeline.Schedule.Problem.Objective == Objective.Span;
        for (var step = 1; step < path.Count; step++)
        {
            var reason = reasons.Of(path[step]).ShouldNotBeNull();
            reason.Operation.ShouldBe(path[step - 1]);
            StartOf(path[step]).ShouldBe(EndOf(path[step - 1]) + reason.Lag);
        }

        var first = timeline.Graph.LaneOf[path[0]];
        if (ofSpan) timeline.Schedule.OrderOf(first)[0].ShouldBe(path[0]);
        else StartOf(path[0]).ShouldBe(0);
        var metrics = ScheduleMetrics.Of(timeline);
        var device = timeline.Graph.DeviceOf(path[^1]);
        (EndOf(path[^1]) - (ofSpan ? timeline.StartOf(timeline.Schedule.OrderOf(device)[0]) : 0)).ShouldBe(metrics.Objective);

        long StartOf(int operation) => timeline.StartOf(reasons.TimedAs(operation));
        long EndOf(int operation) => timeline.EndOf(reasons.TimedAs(operation));
    }

    private static IEnumerable<Operation> PathOf(Timeline timeline) =>
        CriticalPath.Of(timeline, new StartReasons(timeline)).Select(step => timeline.Graph.Operations[step.Operation]);
}
