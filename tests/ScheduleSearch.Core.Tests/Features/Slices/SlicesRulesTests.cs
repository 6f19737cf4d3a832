using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Slices;

/// <summary>Two microbatches in two slices each on one device.</summary>
public class SlicesRulesTests
{
    private static readonly Operation[] First = [Forward(0), Forward(1), Backward(1), Backward(0)];
    private static readonly Operation[] Second = [.. First.Select(operation => operation with { Microbatch = 1 })];

    [Fact]
    public void Slices_go_up_in_order_and_down_in_reverse()
    {
        Broken(Forward(0), Forward(1), Backward(1), Backward(0)).ShouldBeEmpty();
        Broken(Forward(1), Forward(0), Backward(1), Backward(0)).ShouldBe(["dependency"], "each slice attends to those before it");
        Broken(Forward(0), Forward(1), Backward(0), Backward(1)).ShouldBe(["dependency"], "gradients come down from the last slice");
        Broken(Forward(0), Forward(1), Backward(1)).ShouldBe(["completeness"], "each slice has a backward");
    }

    [Fact]
    public void Keys_and_values_of_all_slices_are_held_to_the_end()
    {
        // A slice has an activation of 2 and keys and values of 3. After the second slice's backward those of both slices are still there.
        Operation[] order = [First[0], First[1], First[2], Second[0], First[3], .. Second[1..]];
        Verifier.CheckOrder(Sliced(13), [order]).ShouldBeEmpty();
        Verifier.CheckOrder(Sliced(12.9m), [order]).Select(violation => (violation.Rule, violation.Position)).ShouldBe([("memory", 3)]);
    }

    /// <summary>The rules that an order of the first microbatch breaks, each operation as soon as the one before it has ended.</summary>
    private static IEnumerable<string> Broken(params Operation[] first)
    {
        var (problem, times) = (Sliced(100), new List<TimedOperation>());
        foreach (var operation in first.Concat(Second))
        {
            var begin = times.Count == 0 ? 0 : times[^1].End;
            times.Add(new TimedOperation(operation, begin, begin + problem.TimeScale.ToTicks(operation.IsForward ? 0.5m : 1)));
        }

        return Verifier.Check(problem, [times]).Select(violation => violation.Rule).Distinct();
    }

    private static Problem Sliced(decimal limit) => Problem.Create(
        Shape.Profile(devices: 1, microbatches: 2, activation: 4, limit: limit) with { Slices = new() { Count = 2, KeyValue = 3 } }, splitBackward: false);

    private static Operation Forward(int slice) => Operation.Forward(0, 0) with { Slice = slice };

    private static Operation Backward(int slice) => Operation.Backward(0, 0) with { Slice = slice };
}
