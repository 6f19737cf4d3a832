using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Operations;

/// <summary>What slices of a microbatch wait for, and what they hold.</summary>
public class SlicedGraphTests
{
    private static readonly Problem Sliced = Problem.Create(
        Shape.Profile(devices: 2, microbatches: 2, forward: 6, backwardInput: 6, backwardWeight: 6, communication: 1, activation: 12, retained: 6) with
        {
            Slices = new() { Count = 3, KeyValue = 5 },
        });

    private readonly OperationGraph _graph = OperationGraph.Build(Sliced);

    [Fact]
    public void Forwards_run_from_the_first_slice_to_the_last_and_backwards_from_the_last_to_the_first()
    {
        Waits(Forward(1, 0)).ShouldBe([Forward(0, 0)]);
        Waits(Forward(1, 2)).ShouldBe([Forward(0, 2), Forward(1, 1)], ignoreOrder: true);
        Waits(Input(0, 2)).ShouldBe([Input(1, 2), Forward(0, 2)], ignoreOrder: true);
        Waits(Input(0, 1)).ShouldBe([Input(1, 1), Input(0, 2), Forward(0, 1)], ignoreOrder: true);
        Waits(Input(1, 0)).ShouldBe([Input(1, 1), Forward(1, 0)], ignoreOrder: true);
        Waits(Operation.BackwardWeight(0, 0) with { Slice = 1 }).ShouldBe([Input(0, 1)]);
    }

    [Fact]
    public void Keys_and_values_of_all_slices_stay_until_the_first_slices_backward()
    {
        // In thirds of a microbatch's activation, of which half is retained until the weight gradient.
        foreach (var slice in Enumerable.Range(0, 3))
        {
            Memory(Forward(1, slice)).ShouldBe((4 + 5, 0));
            Memory(Input(1, slice)).ShouldBe((0, slice == 0 ? 2 + 3 * 5 : 2));
            Memory(Operation.BackwardWeight(1, 0) with { Slice = slice }).ShouldBe((0, 2));
        }
    }

    [Fact]
    public void What_is_no_memory_is_not_held()
    {
        var graph = OperationGraph.Build(Problem.Create(Shape.Profile(devices: 2, microbatches: 2, retained: 0)));
        graph.Holdings.ToArray().ShouldAllBe(holding => holding.Units > 0);
        graph.Holdings.ToArray().Length.ShouldBe(4);
    }

    private static Operation Forward(int stage, int slice) => Operation.Forward(stage, 0) with { Slice = slice };

    private static Operation Input(int stage, int slice) => Operation.BackwardInput(stage, 0) with { Slice = slice };

    private IEnumerable<Operation> Waits(Operation operation) => _graph.WaitsOf(operation).Select(wait => wait.On);

    private (decimal Taken, decimal Freed) Memory(Operation operation)
    {
        var (taken, freed) = _graph.MemoryOf(operation);
        return (Sliced.MemoryScale.FromTicks(taken), Sliced.MemoryScale.FromTicks(freed));
    }
}
