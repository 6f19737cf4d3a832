using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace ScheduleSearch.Core.Tests.Features.Overlap;

/// <summary>Families make pairs of what their orders put side by side, where that is better.</summary>
public class SideBySideTests(ITestOutputHelper output)
{
    [Fact]
    public void A_forward_beside_a_backward_is_carried_out_with_it()
    {
        // On one device nothing is on its way: the order of 1F1B is forward, backward, forward, backward.
        var profile = Shape.Profile(devices: 1, microbatches: 3) with { Overlap = new() { Duration = 2.25m } };
        var timeline = Replay.Run(FamilyCatalogue.Find("1f1b")!.ScheduleOf(Problem.Create(profile, splitBackward: false)));
        timeline.Schedule.OperationsOn(0).ShouldBe(
        [
            Operation.Forward(0, 0),
            Operation.Forward(0, 1).InPair(PlaceInPair.First), Operation.Backward(0, 0).InPair(PlaceInPair.Second),
            Operation.Forward(0, 2).InPair(PlaceInPair.First), Operation.Backward(0, 1).InPair(PlaceInPair.Second),
            Operation.Backward(0, 2),
        ]);
        MakespanOf(timeline).ShouldBe(1 + 2 * 2.25m + 2);
    }

    /// <summary>A pair holds what its forward takes beside what its backward frees.</summary>
    [Fact]
    public void A_pair_that_memory_has_no_room_for_is_none()
    {
        var profile = Shape.Profile(devices: 1, microbatches: 3, limit: 1) with { Overlap = new() { Duration = 2.25m } };
        var schedule = FamilyCatalogue.Find("1f1b")!.ScheduleOf(Problem.Create(profile, splitBackward: false));
        schedule.FitsMemory().ShouldBeTrue();
        MakespanOf(Replay.Run(schedule)).ShouldBe(9);
    }

    [Fact]
    public void Every_family_is_as_good_as_without_pairs_and_many_are_better()
    {
        var (seen, better) = (new HashSet<string>(), new HashSet<string>());
        foreach (var family in FamilyCatalogue.All)
        {
            for (var (devices, chunks) = (2, 1); chunks <= 4; (devices, chunks) = devices == 2 ? (4, chunks) : (2, 2 * chunks))
            {
                var profile = Shape.Profile(devices, microbatches: 4 * devices, chunks, family.Placement, 2, 2, 2, activation: 2, retained: 1);
                profile = profile with { Pipeline = profile.Pipeline with { StageDevices = null } };
                if (ProblemOf(profile) is not { } alone || FamilyCatalogue.WhyNot(family, alone) is not null) continue;
                foreach (var gain in new[] { 0, 0.25m, 0.9m })
                {
                    var problem = Problem.Create(profile with { Overlap = new() { Gain = gain } });
                    var (before, timeline) = (MakespanOf(Replay.Run(family.ScheduleOf(alone))), Replay.Run(family.ScheduleOf(problem)));
                    Verifier.Check(problem, TimedOperation.DevicesOf(timeline)).ShouldBeEmpty($"{family.Name} on {devices}");
                    MakespanOf(timeline).ShouldBeLessThanOrEqualTo(before, $"{family.Name} on {devices}");
                    var pairs = timeline.Schedule.Graph.Selection.Pairs.Count;
                    if (gain == 0) pairs.ShouldBe(family.ScheduleOf(alone).Graph.Selection.Pairs.Count);
                    if (gain == 0.9m) output.WriteLine($"{family.Name} {devices}x{chunks}: {before} -> {MakespanOf(timeline)}, {pairs} pairs");
                    if (MakespanOf(timeline) < before) better.Add(family.Name);
                }

                seen.Add(family.Name);
            }
        }

        output.WriteLine($"{better.Count} of {seen.Count}: {string.Join(", ", better)}; not {string.Join(", ", seen.Except(better))}");
        string[] withPairs = ["1f1b", "eager-1f1b", "interleaved-1f1b", "gis", "zb-v", "chimera", "bitpipe", "dualpipe", "dualpipe-v"];
        withPairs.Except(better).ShouldBeEmpty();
    }

    private static Problem? ProblemOf(Profile profile)
    {
        try
        {
            return Problem.Create(profile);
        }
        catch (InvalidProfileException)
        {
            return null;
        }
    }

    private static decimal MakespanOf(Timeline timeline) => timeline.Schedule.Problem.TimeScale.FromTicks(ScheduleMetrics.Of(timeline).Makespan);
}
