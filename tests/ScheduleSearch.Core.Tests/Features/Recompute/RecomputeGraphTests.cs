using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Tests.Operations;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Recompute;

/// <summary>Where an activation is dropped and made again, and what that takes.</summary>
public class RecomputeGraphTests
{
    private static readonly Problem Second = Problem.Create(
        Shape.Profile(devices: 2, microbatches: 1, forward: 3, activation: 8, retained: 5) with { Recompute = new() { Kept = 2, Time = 4, Stages = [1] } });

    [Fact]
    public void What_is_dropped_is_held_by_the_forward_while_it_runs_and_again_from_the_recompute_on()
    {
        var graph = OperationGraph.Build(Second);
        var (forward, again) = (Operation.Forward(1, 0), new Operation(OperationKind.Recompute, 0, 1, 0));
        HeldFrom(graph, forward).ShouldBe([(forward, 6L), (Operation.BackwardWeight(1, 0), 2L)], ignoreOrder: true);
        HeldFrom(graph, again).ShouldBe([(Operation.BackwardInput(1, 0), 3L), (Operation.BackwardWeight(1, 0), 3L)], ignoreOrder: true);
        graph.WaitsOf(again).ShouldBe([(forward, 0L)]);
        graph.WaitsOf(Operation.BackwardInput(1, 0)).ShouldBe([(again, 0L)]);
        graph.Durations[graph.IndexOf(again)].ShouldBe(4);
    }

    [Fact]
    public void A_stage_that_is_not_chosen_keeps_its_activation()
    {
        var graph = OperationGraph.Build(Second);
        graph.IndexOf(new Operation(OperationKind.Recompute, 0, 0, 0)).ShouldBe(-1);
        HeldFrom(graph, Operation.Forward(0, 0)).ShouldBe([(Operation.BackwardInput(0, 0), 3L), (Operation.BackwardWeight(0, 0), 5L)], ignoreOrder: true);
        (Second.AddedWork(0), Second.AddedWork(1)).ShouldBe((0, 4));
        new RecomputeFeature().DroppedAfterForward(Second, 0).ShouldBe(0);
        new RecomputeFeature().DroppedAfterForward(Second, 1).ShouldBe(6);
    }

    [Fact]
    public void Without_a_time_of_its_own_it_takes_that_of_the_forward()
    {
        var again = Problem.Create(Shape.Profile(devices: 2, microbatches: 1, forward: 3) with { Recompute = new() { Kept = 0 } });
        (again.AddedWork(0), again.RecomputeTime[1]).ShouldBe((3, 3));
    }

    [Fact]
    public void An_order_is_completed_just_before_each_backward_and_each_pair()
    {
        var problem = Problem.Create(Shape.Profile(devices: 1, microbatches: 3) with { Recompute = new() { Kept = 0 }, Overlap = new() { Duration = 2.5m } });
        Operation[] order =
        [
            Operation.Forward(0, 0), Operation.Forward(0, 1), Operation.Forward(0, 2).InPair(PlaceInPair.First),
            Operation.Backward(0, 0).InPair(PlaceInPair.Second), Operation.BackwardInput(0, 1), Operation.BackwardWeight(0, 1), Operation.Backward(0, 2),
        ];
        new RecomputeFeature().Complete(problem, [order])[0].ShouldBe(
        [
            order[0], order[1], Again(0), order[2], order[3], Again(1), order[4], order[5], Again(2), order[6],
        ]);
    }

    private static Operation Again(int microbatch) => new(OperationKind.Recompute, 0, 0, microbatch);

    private static IEnumerable<(Operation, long)> HeldFrom(OperationGraph graph, Operation operation) =>
        graph.Holdings.ToArray().Where(holding => holding.From == graph.IndexOf(operation)).Select(holding => (graph.Operations[holding.To], holding.Units));
}
