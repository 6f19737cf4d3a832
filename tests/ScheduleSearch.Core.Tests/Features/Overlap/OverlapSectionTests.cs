using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Overlap;

/// <summary>How long a pair may take, and what it saves of a forward.</summary>
public class OverlapSectionTests
{
    private static readonly Profile Plain = Shape.Profile(devices: 2, microbatches: 4, activation: 4);

    [Fact]
    public void A_pair_takes_from_the_longer_of_the_two_to_their_sum()
    {
        foreach (var duration in new[] { 2m, 3m }) Problem.Create(Plain with { Overlap = new() { Duration = duration } }).HasPairTimes.ShouldBeTrue();
        SectionErrors.Of(Plain with { Overlap = new() { Duration = new decimal[] { 2, 3.5m } } }).ShouldBe(
            [("$.profile.overlap.duration[1]", "3.5 is not between the longer of the two operations and their sum, 2 to 3 for stage 1.")]);
    }

    [Fact]
    public void A_pair_is_held_against_the_longest_backward_of_the_device()
    {
        var uneven = Shape.Profile(devices: 1, microbatches: 4, chunks: 2, "interleaved");
        uneven = uneven with { Times = uneven.Times with { BackwardInput = new decimal[] { 1, 5 } }, Overlap = new() { Duration = 6.5m } };
        Problem.Create(uneven).HasPairTimes.ShouldBeTrue();
        SectionErrors.Of(uneven with { Overlap = new() { Duration = 5.5m } }).ShouldBe(
            [("$.profile.overlap.duration", "5.5 is not between the longer of the two operations and their sum, 6 to 7 for stage 0.")]);
    }

    [Fact]
    public void What_a_whole_output_layer_puts_on_a_stage_overlaps_with_nothing()
    {
        var problem = Problem.Create(Shape.Profile(devices: 1, microbatches: 4) with
        {
            Overlap = new() { Duration = 2 },
            Vocabulary = new() { Size = 9, Parallel = VocabularyParallel.None, Forward = 10, Backward = 4 },
        });
        // A forward of 1 and a backward of 2 take 2 together; 10 and 4 come to that.
        problem.TimeScale.FromTicks(problem.PairTime(0, 0)).ShouldBe(16);
        problem.TimeScale.FromTicks(problem.LeastForward(pipe: 0, stage: 0)).ShouldBe(10);
    }

    [Fact]
    public void Backwards_that_there_are_not_decide_nothing()
    {
        var frozen = Shape.Profile(devices: 2, microbatches: 4, chunks: 2, "v") with { Frozen = new() { Stages = [0, 1] } };
        frozen = frozen with { Times = frozen.Times with { BackwardInput = new decimal[] { 20, 20, 1, 1 } }, Overlap = new() { Duration = 2.5m } };
        Problem.Create(frozen).HasPairTimes.ShouldBeTrue();
        SectionErrors.Of(frozen with { Overlap = new() { Duration = 3.5m } }).ShouldHaveSingleItem().Item2.ShouldContain("2 to 3 for stage 0");
    }

    [Fact]
    public void A_forward_takes_no_less_than_a_pair_saves_with_the_backward_that_it_saves_most_with()
    {
        var uneven = Shape.Profile(devices: 1, microbatches: 4, chunks: 2, "interleaved");
        uneven = uneven with { Times = uneven.Times with { Forward = new decimal[] { 4, 1 }, BackwardInput = new decimal[] { 1, 5 } } };
        LeastForwards(uneven).ShouldBe([4, 1]);
        // 4 + 6 - 6.5 is saved of the first stage's forward, 1 + 6 - 6.5 of the second's; with the first's backward a pair saves nothing.
        LeastForwards(uneven with { Overlap = new() { Duration = 6.5m } }).ShouldBe([0.5m, 0.5m]);

        static IEnumerable<decimal> LeastForwards(Profile profile)
        {
            var problem = Problem.Create(profile);
            return Enumerable.Range(0, 2).Select(stage => problem.TimeScale.FromTicks(problem.LeastForward(pipe: 0, stage)));
        }
    }
}
