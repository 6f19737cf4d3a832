using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Vocabulary;

/// <summary>What the verifier says of a valid schedule of two devices when a pass is moved.</summary>
public class VocabularyRulesTests
{
    [Fact]
    public void The_backward_before_the_barrier_is_told() => ShouldTell(
        Timed(VocabularyParallel.TwoBarriers),
        Operation.BackwardInput(1, 0),
        moved: -2,
        "The backwardInput of stage 1, microbatch 0 starts at 4; its barrier after the vocabularyBackward from stage 0 is there at 6.",
        "The backwardInput of stage 1, microbatch 0 starts at 4; its barrier after the vocabularyBackward from stage 1 is there at 6.");

    [Fact]
    public void A_pass_after_the_barrier_that_starts_before_it_is_told() => ShouldTell(
        Timed(VocabularyParallel.TwoBarriers),
        After(0),
        moved: -1,
        "The vocabularyBackward of stage 0, microbatch 0 starts at 3; its barrier after the vocabularyForward from stage 0 is there at 4.",
        "The vocabularyBackward of stage 0, microbatch 0 starts at 3; its barrier after the vocabularyForward from stage 1 is there at 4.");

    [Fact]
    public void A_pass_before_the_last_stage_s_output_is_there_is_told() => ShouldTell(
        Timed(VocabularyParallel.OneBarrier),
        Before(0),
        moved: -1,
        "The vocabularyForward of stage 0, microbatch 0 starts at 1; its output from stage 1 is there at 2.");

    [Fact]
    public void The_first_forward_before_every_share_of_the_input_embedding_is_told() => ShouldTell(
        Timed(VocabularyParallel.OneBarrier, input: new decimal[] { 0, 1 }),
        Operation.Forward(0, 0),
        moved: -1,
        "The forward of stage 0, microbatch 0 starts at 1; its barrier after the vocabularyInput from stage 1 is there at 2.");

    [Theory]
    [InlineData(OperationKind.VocabularyForward)]
    [InlineData(OperationKind.VocabularyBackward)]
    [InlineData(OperationKind.VocabularyInput)]
    public void A_pass_that_is_missing_is_told(OperationKind kind)
    {
        var (problem, devices) = Timed(VocabularyParallel.TwoBarriers, input: 1);
        devices[1] = [.. devices[1].Where(timed => timed.Operation.Kind != kind)];
        Verifier.Check(problem, devices).ShouldContain(
            new Violation("completeness", 1, -1, $"The {new Operation(kind, 0, 1, 0)} is missing."));
    }

    [Fact]
    public void A_pass_where_the_layer_is_whole_does_not_exist()
    {
        var (problem, devices) = Timed(VocabularyParallel.OneBarrier);
        var whole = Problem.Create(problem.Profile with { Vocabulary = null });
        Verifier.Check(whole, devices).ShouldContain(violation => violation.Message.StartsWith("The vocabularyForward of stage 0"));
    }

    [Fact]
    public void What_is_held_from_one_pass_to_the_other_counts()
    {
        var problem = Problem.Create(Shape.Profile(devices: 1, microbatches: 2, activation: 3, limit: 5) with
        {
            Vocabulary = Layer(VocabularyParallel.OneBarrier),
        });
        Operation Of(OperationKind kind, int microbatch) => new(kind, 0, 0, microbatch);
        var held = new[] { 0, 1 }.SelectMany(microbatch => new[]
        {
            Of(OperationKind.Forward, microbatch), Of(OperationKind.VocabularyForward, microbatch), Of(OperationKind.BackwardInput, microbatch),
            Of(OperationKind.BackwardWeight, microbatch), Of(OperationKind.VocabularyBackward, microbatch),
        }).ToArray();
        Verifier.CheckOrder(problem, [held]).ShouldBeEmpty();
        Verifier.CheckOrder(problem, [[.. held.Except([held[4]]), held[4]]]).ShouldBe(
            [new("memory", 0, 5, "Device 0 holds 7; the limit is 5.")]);
    }

    private static void ShouldTell((Problem Problem, TimedOperation[][] Devices) schedule, Operation operation, long moved, params string[] messages)
    {
        var (problem, devices) = schedule;
        Verifier.Check(problem, devices).ShouldBeEmpty();
        var (device, position) = (from line in Enumerable.Range(0, devices.Length)
                                  from place in Enumerable.Range(0, devices[line].Length)
                                  where devices[line][place].Operation == operation
                                  select (line, place)).Single();
        var timed = devices[device][position];
        devices[device][position] = timed with { Start = timed.Start + moved, End = timed.End + moved };
        Verifier.Check(problem, devices).Where(violation => violation.Rule == "dependency").Select(violation => violation.Message)
            .ShouldBe(messages, ignoreOrder: true);
    }

    /// <summary>One microbatch, every operation of 1, the barrier of 1.</summary>
    private static (Problem Problem, TimedOperation[][] Devices) Timed(VocabularyParallel parallel, StageValues? input = null)
    {
        var problem = Problem.Create(
            Shape.Profile(devices: 2, microbatches: 1) with { Vocabulary = Layer(parallel) with { Barrier = 1, Activation = 0, Input = input } });
        var graph = OperationGraph.Build(problem);
        var orders = Enumerable.Range(0, 2).Select(device => Enumerable.Range(0, graph.Count).Where(operation => graph.LaneOf[operation] == device).ToArray());
        var timeline = Replay.Run(new Schedule(graph, [.. orders]));
        return (problem, [.. TimedOperation.DevicesOf(timeline).Select(device => device.ToArray())]);
    }

    private static VocabularyLayer Layer(VocabularyParallel parallel) =>
        new() { Size = 10, Parallel = parallel, Forward = 1, Backward = 1, Activation = 2 };

    private static Operation Before(int device) => new(OperationKind.VocabularyForward, 0, device, 0);

    private static Operation After(int device) => new(OperationKind.VocabularyBackward, 0, device, 0);
}
