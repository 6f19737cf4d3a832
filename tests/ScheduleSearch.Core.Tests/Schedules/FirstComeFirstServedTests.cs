using FsCheck.Xunit;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Features.Links;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Schedules;

/// <summary>Lanes that an order leaves out serve what is ready first; those that it gives stay as they are.</summary>
public class FirstComeFirstServedTests
{
    [Property(MaxTest = 200)]
    public void Every_lane_left_out_serves_by_the_time_at_which_operations_are_ready_and_then_by_number(Seed seed)
    {
        var drawn = Linked.Draw(new Random(seed.Item));
        var schedule = WithoutLanes(drawn);

        for (var device = 0; device < drawn.Problem.Devices; device++) schedule.OperationsOn(device).ShouldBe(drawn.OperationsOn(device));
        var starts = LongestPaths.EarliestStarts(schedule);
        for (var lane = drawn.Problem.Devices; lane < schedule.Graph.Lanes.Count; lane++)
        {
            var order = schedule.OrderOf(lane).ToArray();
            order.Select(operation => (Ready(schedule.Graph, starts, operation), operation)).ShouldBeInOrder();
        }
    }

    [Property(MaxTest = 100)]
    public void A_lane_that_is_given_keeps_its_order(Seed seed)
    {
        var drawn = Linked.Draw(new Random(seed.Item));

        var schedule = Schedule.Of(drawn.Problem, [.. Enumerable.Range(0, drawn.Problem.Devices).Select(device => drawn.AllOn(device).ToArray())]);

        for (var device = 0; device < drawn.Problem.Devices; device++) schedule.AllOn(device).ShouldBe(drawn.AllOn(device));
    }

    [Fact]
    public void Of_two_lanes_only_the_one_left_out_is_filled()
    {
        var problem = Linked.Problem(devices: 2, microbatches: 2);
        Operation Send(int microbatch) => new(OperationKind.Send, 0, 0, microbatch);
        Operation[] Order(int stage) => [Operation.Forward(stage, 0), Operation.Forward(stage, 1), Operation.Backward(stage, 0), Operation.Backward(stage, 1)];

        var schedule = Schedule.Of(problem, [[.. Order(0), Send(1), Send(0)], Order(1)]);

        schedule.AllOn(0).ShouldBe([.. Order(0), Send(1), Send(0)]);
        schedule.AllOn(1).ShouldBe([.. Order(1), new(OperationKind.SendGradient, 0, 1, 0), new(OperationKind.SendGradient, 0, 1, 1)]);
    }

    [Fact]
    public void What_a_deadlock_never_makes_ready_stands_in_the_order_of_the_graph_and_the_circle_is_told()
    {
        var problem = Linked.Problem(devices: 2, microbatches: 2);
        Operation[] first = [Operation.Forward(0, 1), Operation.Backward(0, 0), Operation.Forward(0, 0), Operation.Backward(0, 1)];
        Operation[] second = [Operation.Forward(1, 0), Operation.Forward(1, 1), Operation.Backward(1, 0), Operation.Backward(1, 1)];

        var schedule = Schedule.Of(problem, [first, second]);

        // The message of microbatch 1 was served; that of microbatch 0 follows, as its forward waits for its own backward.
        schedule.AllOn(0).ShouldBe([.. first, new(OperationKind.Send, 0, 0, 1), new(OperationKind.Send, 0, 0, 0)]);
        schedule.AllOn(1).ShouldBe([.. second, new(OperationKind.SendGradient, 0, 1, 0), new(OperationKind.SendGradient, 0, 1, 1)]);
        Should.Throw<DeadlockException>(() => Replay.Run(schedule));
    }

    private static Schedule WithoutLanes(Schedule schedule) => Schedule.Of(
        schedule.Problem, [.. Enumerable.Range(0, schedule.Problem.Devices).Select(device => schedule.OperationsOn(device).ToArray())]);

    private static long Ready(OperationGraph graph, long[] starts, int operation)
    {
        var ready = 0L;
        foreach (var (dependency, lag) in graph.DependenciesOf(operation)) ready = Math.Max(ready, starts[dependency] + graph.Durations[dependency] + lag);
        return ready;
    }
}
