using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Features.TwoPipes;
using ScheduleSearch.Core.Instructions;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features;

/// <summary>What features say to people.</summary>
public class FeatureTextTests
{
    [Fact]
    public void What_a_format_cannot_carry_is_said_with_what_to_change()
    {
        Refusals("The format x").ShouldBe(
        [
            new("$.profile.slices", "The format x names a microbatch and no slice of its sequence.", "Leave profile.slices out, or use the format native."),
            new(
                "$.profile.recompute",
                "The format x cannot be told when to recompute an activation.",
                "Leave profile.recompute out, or use the format native."),
            new(
                "$.profile.pipeline.placement",
                "The format x names a stage and no pipe, so a schedule of two pipes cannot be told to it.",
                "Use a placement of one pipe, or the format native."),
        ], ignoreOrder: true);
    }

    [Fact]
    public void A_family_that_orders_whole_microbatches_says_so() =>
        FeatureCatalogue.Default.All.OfType<SlicesFeature>().Single().WhyNotOrdered
            .ShouldBe("Runs whole microbatches: leave profile.slices out, or use the family seq1f1b on the placement linear.");

    private static IEnumerable<FormatRefusal> Refusals(string part) =>
        from feature in FeatureCatalogue.Default.All
        where feature is SlicesFeature or RecomputeFeature or TwoPipesFeature
        select ((ICarriedFeature)feature).WhyNotCarried(part);
}
