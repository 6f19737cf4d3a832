using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Schedules;

/// <summary>A valid DualPipe schedule whose pairs are spoilt.</summary>
public class OverlappedPairTests
{
    private static readonly Problem Problem =
        Problem.Create(Shape.Profile(devices: 4, microbatches: 8, placement: "bidirectional", forward: 2, backwardInput: 2, backwardWeight: 2) with
        {
            Overlap = new() { Duration = 5 },
        });

    private readonly List<TimedOperation>[] _devices =
        [.. TimedOperation.DevicesOf(Replay.Run(FamilyCatalogue.All.Single(family => family.Name == "dualpipe").ScheduleOf(Problem))).Select(order => order.ToList())];

    private readonly int _pair;

    public OverlappedPairTests() => _pair = _devices[0].FindIndex(timed => timed.Operation.Kind == OperationKind.OverlappedForward);

    [Fact]
    public void It_is_valid_as_it_is()
    {
        Verifier.Check(Problem, _devices).ShouldBeEmpty();
        (_devices[0][_pair].End - _devices[0][_pair].Start).ShouldBe(5);
        _devices[0][_pair + 1].Start.ShouldBe(_devices[0][_pair].End);
    }

    [Fact]
    public void Halves_that_part_break_the_rule_of_pairs_on_both_sides()
    {
        _devices[0].Insert(_pair + 1, _devices[0][^1]);
        _devices[0].RemoveAt(_devices[0].Count - 1);

        Verifier.Check(Problem, _devices).Select(violation => (violation.Rule, violation.Position)).ShouldBe([("overlap", _pair), ("overlap", _pair + 2)]);
    }

    [Fact]
    public void A_pair_takes_its_own_time()
    {
        _devices[0][_pair] = _devices[0][_pair] with { Start = _devices[0][_pair].Start - 1 };

        Verifier.Check(Problem, _devices).Select(violation => violation.Rule).ShouldContain("duration");
    }

    [Fact]
    public void A_pair_waits_for_what_its_backward_waits_for()
    {
        // The second pair's backward comes from the middle of its pipe, through a pair of device 1, and starts as soon as that is there.
        var pair = _devices[0].FindIndex(_pair + 1, timed => timed.Operation.Kind == OperationKind.OverlappedForward);
        var gradient = _devices[1].Single(timed => timed.Operation == _devices[0][pair + 1].Operation with { Stage = 1 });
        _devices[0][pair].Start.ShouldBe(gradient.End);

        for (var half = pair; half <= pair + 1; half++)
            _devices[0][half] = _devices[0][half] with { Start = _devices[0][half].Start - 1, End = _devices[0][half].End - 1 };

        Verifier.Check(Problem, _devices).Select(violation => (violation.Rule, violation.Position)).ShouldContain(("dependency", pair + 1));
    }
}
