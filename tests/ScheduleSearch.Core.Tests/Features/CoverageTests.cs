using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Features.Dummy;
using ScheduleSearch.Core.Tests.Features.Links;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features;

/// <summary>Whatever has not been shown to cover a feature refuses a problem that uses it, naming the member that asks for it.</summary>
public class CoverageTests
{
    private static readonly FeatureCatalogue Features = FeatureCatalogue.Default.With(new DummyFeature());

    [Fact]
    public void No_bound_says_anything_of_a_feature_that_it_was_not_proved_for()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 4, limit: 2);
        foreach (var bound in BoundCatalogue.All)
        {
            Profile[] covered =
            [
                profile, profile with { Optimizer = new() { Step = 1 } }, profile with { Fill = [new() { Name = "encoder", Duration = 1, Device = 0 }] },
                profile with { MicrobatchScale = new() { Forward = [1, 2, 1, 1] } },
            ];
            covered.Select(Plain).Append(Noisy(profile)).ShouldContain(each => bound.Ticks(each) != null, bound.Name);
            bound.Ticks(Used(profile)).ShouldBeNull(bound.Name);
        }

        BoundCatalogue.Best(Used(profile)).ShouldBe(ProvedBound.None);
    }

    [Fact]
    public void No_family_is_admitted_with_a_feature_that_its_order_was_not_made_for()
    {
        var refused = 0;
        foreach (var family in FamilyCatalogue.All)
        {
            var chunks = family.Placement switch { "linear" => 1, "wave" => 2, "bidirectional" when family.Name != "bitpipe" => 1, _ => 2 };
            var profile = Shape.Profile(devices: 4, microbatches: 8, chunks, family.Placement);
            FamilyCatalogue.WhyNot(family, Used(profile)).ShouldNotBeNull(family.Name).ShouldContain("profile.dummy", customMessage: family.Name);
            refused++;
        }

        refused.ShouldBe(FamilyCatalogue.All.Count);
        FamilyCatalogue.Admitted(Plain(Shape.Profile(devices: 4, microbatches: 8))).ShouldNotBeEmpty();
    }

    [Fact]
    public void What_only_rules_schedules_out_is_covered_by_whatever_holds_without_it()
    {
        var linked = Linked.Problem(devices: 2, microbatches: 2);
        var sliced = Problem.Create(Shape.Profile(devices: 2, microbatches: 2) with { Slices = new() { Count = 2 } });
        (FeatureSet.None.CoversAllSchedules(linked), FeatureSet.None.Covers(linked)).ShouldBe((true, false));
        (FeatureSet.None.CoversAllSchedules(sliced), FeatureSet.Of([SlicesFeature.Id]).CoversAllSchedules(sliced)).ShouldBe((false, true));
    }

    [Fact]
    public void No_format_carries_a_feature_that_it_cannot_tell_of()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 4);
        var order = FamilyCatalogue.Find("1f1b")!.Order(Plain(profile));
        foreach (var format in InstructionFormatCatalogue.All)
        {
            format.WhyNot(Replay.Run(Schedule.Of(Plain(profile), order))).ShouldBeNull(format.Name);
            var refusal = format.WhyNot(Replay.Run(Schedule.Of(Used(profile), order))).ShouldNotBeNull(format.Name);
            refusal.Member.ShouldBe("$.profile.dummy", format.Name);
            refusal.Fix.ShouldContain("profile.dummy", customMessage: format.Name);
        }
    }

    [Fact]
    public void Each_feature_has_a_name_and_a_member_of_its_own()
    {
        Features.All.Select(feature => feature.Name).ShouldBeUnique();
        foreach (var feature in Features.All) feature.Member.Split('.')[0].ShouldBeOneOf("profile", "options");
    }

    private static Problem Plain(Profile profile) => Problem.Create(profile, features: Features);

    private static Problem Noisy(Profile profile) => Problem.Of(profile, new SolveOptions { Noise = new() }, ProblemLimits.Default);

    private static Problem Used(Profile profile) => Plain(profile.With(new DummyTimes { Pause = 0.125m }));
}
