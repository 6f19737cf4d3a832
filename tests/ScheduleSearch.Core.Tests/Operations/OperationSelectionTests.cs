using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Operations;

/// <summary>Which of the alternative operations there are, read from operations, and when two selections are the same.</summary>
public class OperationSelectionTests
{
    private static readonly Problem Linear = Problem.Create(Shape.Profile(devices: 2, microbatches: 3));
    private static readonly Problem Sliced = Problem.Create(Shape.Profile(devices: 2, microbatches: 3) with { Slices = new() { Count = 2 } });
    private static readonly Problem TwoPipes = Problem.Create(Shape.Profile(devices: 2, microbatches: 5, placement: "bidirectional"));

    private static readonly Problem Paired = Problem.Create(Shape.Profile(devices: 2, microbatches: 3) with { Overlap = new() { Duration = 2.5m } });

    [Fact]
    public void A_fused_backward_is_that_of_one_stage_one_microbatch_and_one_slice()
    {
        foreach (var problem in new[] { Linear, Sliced })
        {
            foreach (var (stage, microbatch, slice) in CellsOf(problem))
            {
                var selection = OperationSelection.Of(problem, [Operation.Backward(stage, microbatch) with { Slice = slice }]);
                CellsOf(problem).Where(cell => selection.IsFused(cell.Stage, cell.Microbatch, cell.Slice)).ShouldBe([(stage, microbatch, slice)]);
            }
        }
    }

    [Theory]
    [InlineData(2, 0, 0)]
    [InlineData(-1, 1, 0)]
    [InlineData(0, 3, 0)]
    [InlineData(1, -1, 0)]
    [InlineData(0, 1, 2)]
    [InlineData(1, 1, -1)]
    public void A_backward_that_the_problem_does_not_have_selects_nothing(int stage, int microbatch, int slice)
    {
        OperationSelection.Of(Sliced, [Operation.Backward(stage, microbatch) with { Slice = slice }]).ShouldBe(OperationSelection.Split(Sliced));
    }

    [Fact]
    public void Pipes_have_half_of_the_microbatches_each_unless_operations_say_otherwise()
    {
        var even = OperationSelection.Finest(TwoPipes);
        (even.CountOn(0), even.CountOn(1)).ShouldBe((3, 2));
        Enumerable.Range(0, 5).Select(even.PipeOf).ShouldBe([0, 0, 0, 1, 1]);

        var other = OperationSelection.Of(TwoPipes, [InPipe(1, microbatch: 0), InPipe(0, microbatch: 4)]);
        Enumerable.Range(0, 5).Select(other.PipeOf).ShouldBe([1, 0, 0, 1, 0]);
        (OperationSelection.Finest(TwoPipes, 5).CountOn(1), OperationSelection.Finest(Linear).CountOn(0)).ShouldBe((0, 3));
    }

    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(2, 1, 0)]
    [InlineData(1, 2, 3)]
    public void A_pipe_that_memory_has_no_room_for_takes_no_microbatch(int first, int second, int expected)
    {
        // Stage 0 is the first pipe's on device 0 and the second pipe's on device 1.
        var profile = Shape.Profile(devices: 2, microbatches: 3, placement: "bidirectional");
        profile = profile with { Memory = new() { Activation = new decimal[] { first, second }, Limit = new decimal[] { 1, 2 } } };
        OperationSelection.EvenShare(Problem.Create(profile)).ShouldBe(expected);
    }

    [Fact]
    public void A_pair_is_a_forward_and_the_backward_that_stands_next()
    {
        var (forward, backward) = (Operation.Forward(0, 1).InPair(PlaceInPair.First), Operation.Backward(0, 0).InPair(PlaceInPair.Second));
        var selection = OperationSelection.Of(Paired, [Operation.Forward(0, 0), forward, backward]);
        selection.Pairs.ShouldBe([new KeyValuePair<Operation, Operation>(forward, backward)]);
        (selection.IsPaired(forward), selection.IsPaired(backward), selection.IsPaired(Operation.Forward(0, 0))).ShouldBe((true, true, false));
        OperationSelection.Of(Paired, [Operation.Forward(0, 1), backward]).Pairs.ShouldBeEmpty();
        OperationSelection.Of(Paired, [forward, Operation.Forward(0, 2), backward]).Pairs.ShouldBeEmpty();
    }

    [Fact]
    public void Selections_are_equal_when_they_select_the_same_operations()
    {
        var (forward, backward) = (Operation.Forward(0, 1).InPair(PlaceInPair.First), Operation.Backward(0, 0).InPair(PlaceInPair.Second));
        OperationSelection[] different =
        [
            OperationSelection.Split(Linear), OperationSelection.Fused(Linear), OperationSelection.Of(Linear, [Operation.Backward(1, 2)]),
            OperationSelection.Of(Linear, [Operation.Backward(0, 2)]), OperationSelection.Split(Sliced),
            OperationSelection.Split(Problem.Create(Shape.Profile(devices: 3, microbatches: 3))),
            OperationSelection.Split(Problem.Create(Shape.Profile(devices: 2, microbatches: 4))),
            OperationSelection.Split(TwoPipes), OperationSelection.Finest(TwoPipes, 2),
            OperationSelection.Of(TwoPipes, [InPipe(1, microbatch: 0), InPipe(0, microbatch: 4)]),
            OperationSelection.Of(Paired, [forward, backward]),
            OperationSelection.Of(Paired, [forward with { Microbatch = 2 }, backward]),
            OperationSelection.Of(Paired, [forward, backward with { Microbatch = 2 }, Operation.Backward(0, 0)]),
            OperationSelection.Of(Paired, [forward, backward, forward with { Stage = 1 }, backward with { Stage = 1 }]),
        ];
        foreach (var (index, selection) in different.Index())
        {
            different.Index().Where(other => selection.Equals(other.Item)).Select(other => other.Index).ShouldBe([index]);
            selection.Equals(null).ShouldBeFalse();
        }

        OperationSelection.Of(Paired, [forward, backward]).ShouldBe(OperationSelection.Of(Paired, [Operation.Forward(1, 1), forward, backward]));
        OperationSelection.Of(Linear, [Operation.Backward(1, 2)]).GetHashCode()
            .ShouldBe(OperationSelection.Of(Linear, [Operation.Backward(1, 2)]).GetHashCode());
    }

    private static Operation InPipe(int pipe, int microbatch) => Operation.Forward(0, microbatch) with { Pipe = pipe };

    private static List<(int Stage, int Microbatch, int Slice)> CellsOf(Problem problem) =>
    [
        .. from stage in Enumerable.Range(0, problem.Stages)
           from microbatch in Enumerable.Range(0, problem.Microbatches)
           from slice in Enumerable.Range(0, problem.SliceCount)
           select (stage, microbatch, slice),
    ];
}
