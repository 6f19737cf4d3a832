using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Operations;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Vocabulary;

/// <summary>One microbatch on two devices whose stages take 4, 3 and 2, with an output layer of 1 and 5 on each, a barrier of 7 and messages of 10.</summary>
public class VocabularyGraphTests
{
    private static readonly Profile Plain =
        Shape.Profile(devices: 2, microbatches: 1, forward: 4, backwardInput: 3, backwardWeight: 2, communication: 10, activation: 8);

    [Fact]
    public void With_one_barrier_the_backward_waits_for_the_passes_before_it_on_every_device()
    {
        var graph = OperationGraph.Build(Of(VocabularyParallel.OneBarrier));
        graph.WaitsOf(Before(0)).ShouldBe([(Operation.Forward(1, 0), 10L)]);
        graph.WaitsOf(Before(1)).ShouldBe([(Operation.Forward(1, 0), 0L)]);
        graph.WaitsOf(After(0)).ShouldBe([(Before(0), 7L), (Before(1), 7L)], ignoreOrder: true);
        graph.WaitsOf(Operation.BackwardInput(1, 0)).ShouldBe([(Operation.Forward(1, 0), 0L), (Before(0), 7L), (Before(1), 7L)], ignoreOrder: true);
    }

    [Fact]
    public void With_two_barriers_it_waits_for_the_passes_between_them() =>
        OperationGraph.Build(Of(VocabularyParallel.TwoBarriers)).WaitsOf(Operation.BackwardInput(1, 0))
            .ShouldBe([(Operation.Forward(1, 0), 0L), (After(0), 7L), (After(1), 7L)], ignoreOrder: true);

    [Fact]
    public void A_shard_of_the_logits_is_held_from_the_one_pass_to_the_other()
    {
        var problem = Of(VocabularyParallel.OneBarrier);
        var graph = OperationGraph.Build(problem);
        graph.Holdings.ToArray().ShouldContain(new Holding(graph.IndexOf(Before(1)), graph.IndexOf(After(1)), 6));
        // Beside the activation of its own stage.
        problem.LeastMemory(device: 1, pipe: 0).ShouldBe(14);
    }

    [Fact]
    public void The_first_forward_waits_for_every_device_s_share_of_the_input_embedding()
    {
        var problem = Problem.Create(Plain with { Vocabulary = Layer(VocabularyParallel.OneBarrier) with { Input = new decimal[] { 2, 0 } } });
        var graph = OperationGraph.Build(problem);
        graph.WaitsOf(Operation.Forward(0, 0)).ShouldBe([(Input(0), 7L), (Input(1), 7L)], ignoreOrder: true);
        graph.Durations[graph.IndexOf(Input(0))].ShouldBe(2);
        (problem.AddedWork(0), problem.AddedWork(1)).ShouldBe((8, 6));
    }

    [Fact]
    public void Whole_layers_are_parts_of_the_first_and_the_last_stage()
    {
        var problem = Problem.Create(Plain with { Vocabulary = Layer(VocabularyParallel.None) with { Input = 3 } });
        problem.Features.ShouldBeEmpty();
        // Two shards of 1 before and 5 after, 3 for each share of the input, halves counted in tenths.
        problem.Forward.ShouldBe([100, 60]);
        problem.BackwardInput.ShouldBe([30, 80]);
        problem.BackwardWeight.ShouldBe([20, 70]);
    }

    [Theory]
    [InlineData(VocabularyParallel.OneBarrier, 59)]
    [InlineData(VocabularyParallel.TwoBarriers, 66)]
    public void A_microbatch_takes_the_way_over_the_barriers(VocabularyParallel parallel, long makespan)
    {
        // 4 + 10 + 4 up, 10 to the other device, 1 and 7 to the barrier, 5 (and 7) after it, 3 + 10 + 3 + 2 down.
        var graph = OperationGraph.Build(Of(parallel));
        var orders = Enumerable.Range(0, 2).Select(device => Enumerable.Range(0, graph.Count).Where(operation => graph.LaneOf[operation] == device).ToArray());
        ScheduleMetrics.Of(Replay.Run(new Schedule(graph, [.. orders]))).Makespan.ShouldBe(makespan);
    }

    [Fact]
    public void No_order_deadlocks_when_the_passes_are_put_into_it()
    {
        var random = new Random(20_261_130);
        for (var draw = 0; draw < 300; draw++)
        {
            var plain = RandomProblems.NextProfile(random, maxDevices: 4, maxMicrobatches: 6);
            var layer = RandomVocabulary.Next(random, plain.Pipeline.Devices) with { Activation = 0 };
            if (layer.Parallel == VocabularyParallel.None) continue;
            var (whole, sharded) = (Problem.Create(plain), Problem.Create(plain with { Vocabulary = layer }));
            var order = RandomOrders.Next(whole, random);
            var complete = new VocabularyFeature().Complete(
                sharded, [.. Enumerable.Range(0, whole.Devices).Select(device => order.OperationsOn(device).ToArray())]);
            var timeline = Replay.Run(Schedule.Of(sharded, complete));
            Verifier.Check(sharded, TimedOperation.DevicesOf(timeline)).ShouldBeEmpty($"case {draw}");
        }
    }

    private static Problem Of(VocabularyParallel parallel) => Problem.Create(Plain with { Vocabulary = Layer(parallel) });

    private static VocabularyLayer Layer(VocabularyParallel parallel) =>
        new() { Size = 100, Parallel = parallel, Forward = 1, Backward = 5, Barrier = 7, Activation = 6 };

    private static Operation Input(int device) => new(OperationKind.VocabularyInput, 0, device, 0);

    private static Operation Before(int device) => new(OperationKind.VocabularyForward, 0, device, 0);

    private static Operation After(int device) => new(OperationKind.VocabularyBackward, 0, device, 0);
}
