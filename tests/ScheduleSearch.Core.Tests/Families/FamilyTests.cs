using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Families;

public class FamilyTests
{
    public static TheoryData<string> Names => [.. FamilyCatalogue.All.Select(family => family.Name)];

    [Fact]
    public void Names_are_unique_and_placements_exist()
    {
        FamilyCatalogue.All.Select(family => family.Name).ShouldBeUnique();
        foreach (var family in FamilyCatalogue.All)
        {
            PlacementCatalogue.Find(family.Placement).ShouldNotBeNull();
            family.Source.ShouldNotBeEmpty();
            family.Description.ShouldNotBeEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_admitted_shape_has_a_valid_order_that_does_not_deadlock(string name)
    {
        var (family, admitted) = (Find(name), 0);
        for (var devices = family.Placement == "bidirectional" ? 2 : 1; devices <= 12; devices++)
        {
            for (var microbatches = 1; microbatches <= 24; microbatches++)
            {
                foreach (var profile in ChunksOf(family).SelectMany(chunks => Profiles(devices, microbatches, chunks, family.Placement)))
                {
                    var problem = Problem.Create(profile);
                    if (FamilyCatalogue.WhyNot(family, problem) is not null) continue;
                    ShouldRun(family, problem);
                    admitted++;
                }
            }
        }

        admitted.ShouldBePositive();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Computing_again_never_holds_more_than_whole_activations_do(string name)
    {
        var family = Find(name);
        foreach (var chunks in ChunksOf(family))
        {
            var whole = Shape.Profile(devices: 4, microbatches: 12, chunks, family.Placement, activation: 10, retained: 4);
            var problem = Problem.Create(whole with { Recompute = new() { Kept = 1 } });
            if (FamilyCatalogue.WhyNot(family, problem) is not null) continue;
            long[] Peaks(Problem of, IReadOnlyList<IReadOnlyList<Operation>> order) => [.. ScheduleMetrics.Of(Replay.Run(Schedule.Of(of, order))).PeakMemory];

            var (before, after) = (Peaks(Problem.Create(whole), family.Order(problem)), Peaks(problem, family.CompleteOrder(problem)));

            for (var device = 0; device < before.Length; device++) after[device].ShouldBeLessThanOrEqualTo(before[device]);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Only_families_of_slices_are_admitted_where_there_are_slices(string name)
    {
        var family = Find(name);
        var chunks = ChunksOf(family).Last();
        var sliced = Shape.Profile(devices: 4, microbatches: 12, chunks, family.Placement) with { Slices = new() { Count = 2 } };

        FamilyCatalogue.WhyNot(family, Problem.Create(sliced)).ShouldBe(
            name == "seq1f1b" ? null : "Runs whole microbatches: leave profile.slices out, or use the family seq1f1b on the placement linear.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_family_is_admitted_on_its_own_placement_only(string name)
    {
        var family = Find(name);
        var other = Problem.Create(new Profile
        {
            Pipeline = new() { Devices = 2, Chunks = 2, Placement = "explicit", StageDevices = [0, 0, 1, 1], Microbatches = 8 },
            Times = new() { Forward = 1, BackwardInput = 1, BackwardWeight = 1 },
        });

        FamilyCatalogue.WhyNot(family, other).ShouldBe($"Is defined on the placement {family.Placement}.");
        FamilyCatalogue.Admitted(other).ShouldBeEmpty();
    }

    [Fact]
    public void Fused_problems_admit_no_family_that_splits_the_backward()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 8);

        FamilyCatalogue.Admitted(Problem.Create(profile)).Select(family => family.Name).ShouldBe([
            "1f1b", "eager-1f1b", "gpipe", "gpipe-reversed", "2bp-gpipe", "2bp-1f1b", "zb-h1", "zb-h2", "zb-auto", "building-block-linear",
        ]);
        FamilyCatalogue.Admitted(Problem.Create(profile, splitBackward: false)).Select(family => family.Name)
            .ShouldBe(["1f1b", "eager-1f1b", "gpipe", "gpipe-reversed"]);
    }

    [Theory]
    [InlineData("gis-6", "gis-6")]
    [InlineData("gis-h", "gis-h")]
    [InlineData("interleaved-1f1b-5", "interleaved-1f1b-5")]
    [InlineData("breadth-first-4", "breadth-first-4")]
    [InlineData("zeropp-like-4", "zeropp-like-4")]
    [InlineData("1f1b", "1f1b")]
    [InlineData("1f1b-4", null)]
    [InlineData("gis-0", null)]
    [InlineData("gis-+6", null)]
    [InlineData("gis-h-3", null)]
    [InlineData("spiral", null)]
    public void A_family_is_found_by_its_name_with_a_parameter_behind_it_where_it_takes_one(string name, string? found) =>
        (FamilyCatalogue.Find(name)?.Name).ShouldBe(found);

    [Fact]
    public void ZB_H2_says_how_many_microbatches_its_warm_up_needs()
    {
        Find("zb-h2").BrokenCondition(Problem.Create(Shape.Profile(devices: 4, microbatches: 6)))
            .ShouldBe("The warm-up of 7 forwards is longer than the iteration: set microbatches to at least 7.");
        Find("zb-h2").BrokenCondition(Problem.Create(Shape.Profile(devices: 4, microbatches: 7))).ShouldBeNull();
    }

    private static IScheduleFamily Find(string name) => FamilyCatalogue.All.Single(family => family.Name == name);

    private static IEnumerable<int> ChunksOf(IScheduleFamily family) => family.Placement switch
    {
        "linear" => [1],
        "v" => [2],
        "wave" => [2, 4],
        "bidirectional" => [1, 2],
        _ => [1, 2, 3],
    };

    /// <summary>A profile, and the same where two slices, recomputing on some or all stages, or overlapped pairs change what there is to order.</summary>
    private static IEnumerable<Profile> Profiles(int devices, int microbatches, int chunks, string placement)
    {
        var whole = Shape.Profile(devices, microbatches, chunks, placement, backwardInput: 2);
        yield return whole;
        if (microbatches > 12) yield break;
        yield return whole with { Slices = new() { Count = 1 + microbatches % 3, KeyValue = 0.5m } };
        yield return whole with { Recompute = new() { Kept = 0.5m } };
        if (placement != "bidirectional")
        {
            foreach (var parallel in new[] { VocabularyParallel.OneBarrier, VocabularyParallel.TwoBarriers })
                yield return whole with
                {
                    Vocabulary = new() { Size = 9, Parallel = parallel, Forward = 1, Backward = 2, Barrier = 1, Input = microbatches % 2 },
                };
        }

        yield return whole with { Recompute = new() { Kept = 0.5m, Time = 2, Stages = [0] }, Overlap = new() { Duration = 3 } };
    }

    internal static void ShouldRun(IScheduleFamily family, Problem problem)
    {
        var order = family.CompleteOrder(problem);
        Verifier.CheckOrder(problem, order).ShouldBeEmpty();
        Verifier.Check(problem, TimedOperation.DevicesOf(Replay.Run(Schedule.Of(problem, order)))).ShouldBeEmpty();
        order.SelectMany(operations => operations).Any(operation => operation.Kind is OperationKind.BackwardInput or OperationKind.BackwardWeight)
            .ShouldBe(family.SplitsBackward);
    }
}
