using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Schedules;

/// <summary>Orders by operation index that are not one.</summary>
public class ScheduleTests
{
    private static readonly OperationGraph Graph = OperationGraph.Build(Problem.Create(Shape.Profile(devices: 2, microbatches: 1), splitBackward: false));

    private static readonly int[][] Orders =
        [.. Graph.Lanes.Select((_, lane) => Enumerable.Range(0, Graph.Count).Where(operation => Graph.LaneOf[operation] == lane).ToArray())];

    [Fact]
    public void Every_operation_stands_once_in_the_order_of_its_lane()
    {
        var schedule = new Schedule(Graph, Orders);

        schedule.OrderOf(0).ToArray().ShouldBe(Orders[0]);
        schedule.OperationsOn(1).ShouldBe([Operation.Forward(1, 0), Operation.Backward(1, 0)]);
    }

    [Fact]
    public void An_operation_that_is_no_lane_s_is_refused()
    {
        Fault(Orders[0], [.. Orders[1], -1]).ShouldContain("Operation -1 does not belong to lane 1.");
        Fault(Orders[0], [.. Orders[1], Graph.Count]).ShouldContain($"Operation {Graph.Count} does not belong to lane 1.");
        Fault([.. Orders[0], Orders[1][0]], [Orders[1][1]]).ShouldContain($"Operation {Orders[1][0]} does not belong to lane 0.");
    }

    [Fact]
    public void An_operation_that_stands_twice_or_not_at_all_is_named()
    {
        Fault([Orders[0][0], Orders[0][0]], Orders[1]).ShouldContain($"The {Graph.Operations[Orders[0][0]]} stands twice.");
        Fault(Orders[0], Orders[1][..1]).ShouldContain($"The {Graph.Operations[Orders[1][1]]} is missing.");
        Fault(Orders[0]).ShouldContain("1 orders for 2 lanes.");
    }

    [Fact]
    public void An_operation_that_the_problem_does_not_have_is_named()
    {
        var order = new[] { Operation.Forward(0, 0), Operation.BackwardInput(0, 0) with { Microbatch = 5 } };
        var last = new[] { Operation.Forward(1, 0), Operation.Backward(1, 0) };

        Should.Throw<ArgumentException>(() => Schedule.Of(Graph.Problem, [order, last])).Message.ShouldContain("is not one of the operations of this problem");
    }

    private static string Fault(params int[][] orders) => Should.Throw<ArgumentException>(() => new Schedule(Graph, orders)).Message;
}
