using FsCheck.Xunit;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Operations;

public class OperationGraphTests
{
    private static readonly Problem Small = Problem.Create(Shape.Profile(
        devices: 2, microbatches: 3, chunks: 2, "v", forward: 2, backwardInput: 3, backwardWeight: 4, communication: 5, activation: 10, retained: 6));

    [Fact]
    public void Split_backwards_make_three_operations_of_a_stage_and_microbatch_and_fused_ones_two()
    {
        OperationGraph.Build(Small, OperationSelection.Split(Small)).Count.ShouldBe(3 * 4 * 3);
        OperationGraph.Build(Small, OperationSelection.Fused(Small)).Count.ShouldBe(2 * 4 * 3);
        OperationGraph.Build(Small).Count.ShouldBe(36);
        var fusedOnly = Problem.Create(Small.Profile, splitBackward: false);
        OperationGraph.Build(fusedOnly).Count.ShouldBe(24);
    }

    [Fact]
    public void Forwards_wait_for_the_stage_before_with_latency_between_devices_only()
    {
        var graph = OperationGraph.Build(Small);

        graph.WaitsOf(Operation.Forward(0, 1)).ShouldBeEmpty();
        graph.WaitsOf(Operation.Forward(1, 1)).ShouldBe([(Operation.Forward(0, 1), 5)]);
        graph.WaitsOf(Operation.Forward(2, 1)).ShouldBe([(Operation.Forward(1, 1), 0)]);
    }

    [Fact]
    public void Backwards_wait_for_the_stage_after_and_for_their_own_forward()
    {
        var graph = OperationGraph.Build(Small);

        graph.WaitsOf(Operation.BackwardInput(3, 2)).ShouldBe([(Operation.Forward(3, 2), 0)]);
        graph.WaitsOf(Operation.BackwardInput(2, 2)).ShouldBe([(Operation.BackwardInput(3, 2), 5), (Operation.Forward(2, 2), 0)], ignoreOrder: true);
        graph.WaitsOf(Operation.BackwardInput(1, 2)).ShouldBe([(Operation.BackwardInput(2, 2), 0), (Operation.Forward(1, 2), 0)], ignoreOrder: true);
        graph.WaitsOf(Operation.BackwardWeight(1, 2)).ShouldBe([(Operation.BackwardInput(1, 2), 0)]);
    }

    [Fact]
    public void A_stage_with_a_fused_backward_sends_its_gradient_at_the_end_of_both_halves()
    {
        var graph = OperationGraph.Build(Small, OperationSelection.Of(Small, [Operation.Backward(3, 0), Operation.Backward(1, 1)]));

        graph.Count.ShouldBe(34);
        graph.IndexOf(Operation.BackwardInput(3, 0)).ShouldBe(-1);
        graph.WaitsOf(Operation.BackwardInput(2, 0)).ShouldBe([(Operation.Backward(3, 0), 5), (Operation.Forward(2, 0), 0)], ignoreOrder: true);
        graph.WaitsOf(Operation.Backward(1, 1)).ShouldBe([(Operation.BackwardInput(2, 1), 0), (Operation.Forward(1, 1), 0)], ignoreOrder: true);
        graph.Durations[graph.IndexOf(Operation.Backward(3, 0))].ShouldBe(7);
    }

    [Fact]
    public void Activations_come_with_forwards_and_go_in_two_parts_with_the_halves_of_the_backward()
    {
        var graph = OperationGraph.Build(Small, OperationSelection.Of(Small, [Operation.Backward(0, 0)]));

        graph.MemoryOf(Operation.Forward(0, 0)).ShouldBe((10, 0));
        graph.MemoryOf(Operation.Backward(0, 0)).ShouldBe((0, 10));
        graph.MemoryOf(Operation.BackwardInput(1, 0)).ShouldBe((0, 4));
        graph.MemoryOf(Operation.BackwardWeight(1, 0)).ShouldBe((0, 6));
    }

    [Fact]
    public void The_compute_lane_of_a_device_has_its_number()
    {
        var graph = OperationGraph.Build(Small);

        graph.Lanes.ShouldBe([new Lane(LaneKind.Compute, 0), new Lane(LaneKind.Compute, 1)]);
        foreach (var (operation, lane) in graph.Operations.ToArray().Zip(graph.LaneOf.ToArray()))
            lane.ShouldBe(Small.Placement.DeviceOf(0, operation.Stage));
    }

    [Property(MaxTest = 200)]
    public void Whatever_is_taken_is_freed_and_every_edge_is_seen_from_both_ends(Seed seed)
    {
        var random = new Random(seed.Item);
        var problem = RandomProblems.Next(random);
        var graph = OperationGraph.Build(problem, RandomOrders.Selection(problem, random));

        var held = new long[graph.Lanes.Count];
        var (forth, back) = (new List<(int, int, long)>(), new List<(int, int, long)>());
        for (var operation = 0; operation < graph.Count; operation++)
        {
            graph.IndexOf(graph.Operations[operation]).ShouldBe(operation);
            held[graph.LaneOf[operation]] += graph.Acquired[operation] - graph.Released[operation];
            foreach (var (dependency, lag) in graph.DependenciesOf(operation)) back.Add((dependency, operation, lag));
            foreach (var (dependent, lag) in graph.DependentsOf(operation)) forth.Add((operation, dependent, lag));
        }

        held.ShouldAllBe(amount => amount == 0);
        forth.Order().ShouldBe(back.Order());
        var cells = problem.Stages * problem.Microbatches;
        var fused = graph.Operations.ToArray().Count(operation => operation.Kind == OperationKind.Backward);
        graph.Count.ShouldBe(3 * cells - fused);
        if (!problem.SplitBackward) fused.ShouldBe(cells);
    }

    [Fact]
    public void Operations_have_the_names_of_the_contract()
    {
        OperationKinds.All.Select(facts => facts.Name).ShouldBe(
        [
            "forward", "backwardInput", "backwardWeight", "backward", "recompute", "overlappedForward", "overlappedBackward", "send", "sendGradient",
            "vocabularyInput", "vocabularyForward", "vocabularyBackward",
            "optimizerStep", "postValidation", "fill",
        ]);
        OperationKinds.All.Select(facts => facts.Kind).ShouldBe(Enum.GetValues<OperationKind>());
        // What is stored says these.
        OperationKinds.All.Select(facts => facts.Code).ShouldBe(Enumerable.Range(0, 15));
        Should.Throw<ArgumentOutOfRangeException>(() => ((OperationKind)15).Facts());
        Operation.Backward(2, 7).ToString().ShouldBe("backward of stage 2, microbatch 7");
    }

    [Fact]
    public void Slices_are_taken_upward_by_what_goes_up_and_downward_by_what_goes_down()
    {
        OperationKinds.All.Where(facts => facts.RunsUpward).Select(facts => facts.Name)
            .ShouldBe(["forward", "recompute", "overlappedForward", "send", "vocabularyInput", "vocabularyForward", "fill"]);
        (Operation.Forward(1, 4) with { Slice = 2 }).Turn.ShouldBe((4, 2));
        (Operation.BackwardInput(1, 4) with { Slice = 2 }).Turn.ShouldBe((4, -2));
        Should.Throw<ArgumentOutOfRangeException>(() => ((OperationKind)15).Facts()).Message.ShouldStartWith("There is no such kind of operation.");
        Should.Throw<ArgumentOutOfRangeException>(() => Operation.BackwardWeight(0, 0).InPair(PlaceInPair.First)).Message
            .ShouldStartWith("No pair has such an operation there.");
    }

    [Fact]
    public void Every_operation_has_a_larger_number_than_what_it_waits_for_in_pairs_too()
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 3) with { Overlap = new() { Duration = 2.5m } });
        Operation[] pairs =
        [
            Operation.Forward(1, 1).InPair(PlaceInPair.First), Operation.Backward(1, 0).InPair(PlaceInPair.Second),
            Operation.Forward(0, 2).InPair(PlaceInPair.First), Operation.Backward(0, 0).InPair(PlaceInPair.Second),
        ];
        var graph = OperationGraph.Build(problem, OperationSelection.Of(problem, pairs));
        for (var operation = 0; operation < graph.Count; operation++)
        {
            foreach (var (dependency, _) in graph.DependenciesOf(operation)) dependency.ShouldBeLessThan(operation);
        }

        // The backward of the first microbatch waits for what the forward of the second waits for.
        graph.WaitsOf(pairs[1]).Select(wait => wait.On).ShouldContain(pairs[0]);
    }

    [Fact]
    public void Pairs_that_wait_for_each_other_are_refused()
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 2) with { Overlap = new() { Duration = 2.5m } });
        Operation[] pairs =
        [
            Operation.Forward(0, 1).InPair(PlaceInPair.First), Operation.Backward(0, 0).InPair(PlaceInPair.Second),
            Operation.Forward(1, 1).InPair(PlaceInPair.First), Operation.Backward(1, 0).InPair(PlaceInPair.Second),
        ];
        Should.Throw<ArgumentException>(() => OperationGraph.Build(problem, OperationSelection.Of(problem, pairs))).Message
            .ShouldMatch("^The overlapped pairs wait for each other in a circle, the overlapped(Forward|Backward) of stage [01], microbatch [01] among them.$");
    }
}
