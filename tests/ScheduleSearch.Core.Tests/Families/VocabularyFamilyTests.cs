using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Families;

/// <summary>
/// The published example: 4 devices, 8 microbatches, F = 4, a whole backward of 8, passes of 1. The published orders take 155 with one barrier and 164
/// with two, and hold p + 1 and p + 2 microbatches on the first device.
/// </summary>
public class VocabularyFamilyTests
{
    [Theory]
    [InlineData(VocabularyParallel.OneBarrier, 155, new long[] { 5, 4, 3, 2 })]
    [InlineData(VocabularyParallel.TwoBarriers, 164, new long[] { 6, 5, 4, 3 })]
    public void One_more_microbatch_for_each_barrier_takes_no_longer_than_the_published_orders(VocabularyParallel parallel, long published, long[] peaks)
    {
        var metrics = Of("vocab-1f1b", Example(parallel));
        metrics.PeakMemory.ShouldBe(peaks);
        metrics.Makespan.ShouldBeLessThanOrEqualTo(published);
        metrics.Makespan.ShouldBeLessThan(Of("1f1b", Example(parallel)).Makespan);
    }

    [Theory]
    [InlineData(VocabularyParallel.OneBarrier)]
    [InlineData(VocabularyParallel.TwoBarriers)]
    public void A_v_half_holds_one_microbatch_more_for_each_barrier(VocabularyParallel parallel)
    {
        var profile = Shape.Profile(devices: 8, microbatches: 32, chunks: 2, "v") with
        {
            Vocabulary = Layer(parallel) with { Forward = 0.5m, Backward = 0.5m },
        };
        var problem = Problem.Create(profile);
        var (plain, later) = (Of("v-half", problem), Of("vocab-v-half", problem));
        (later.PeakMemory.Max() - plain.PeakMemory.Max()).ShouldBe(2 * problem.VocabularyBarriers);
        later.Makespan.ShouldBeLessThan(plain.Makespan);
    }

    [Theory]
    [InlineData(VocabularyParallel.OneBarrier)]
    [InlineData(VocabularyParallel.TwoBarriers)]
    public void Interlaced_a_microbatch_is_in_flight_half_as_long_again(VocabularyParallel parallel)
    {
        var profile = Shape.Profile(devices: 8, microbatches: 32, forward: 4, backwardInput: 4, backwardWeight: 4);
        var problem = Problem.Create(profile with { Vocabulary = Layer(parallel) with { Barrier = 0.5m } }, splitBackward: false);
        var (interlaced, staggered) = (Of("vocab-interlaced", problem), Of("vocab-1f1b", problem));
        interlaced.PeakMemory[0].ShouldBe(12);
        // Each microbatch waits for its barriers, which the staggered order has other work for.
        (interlaced.Makespan - staggered.Makespan).ShouldBeGreaterThan(problem.TimeScale.ToTicks(16 * 0.5m * problem.VocabularyBarriers));
    }

    [Fact]
    public void A_whole_output_layer_does_not_admit_them() =>
        FamilyCatalogue.WhyNot(FamilyCatalogue.Find("vocab-1f1b")!, Problem.Create(Shape.Profile(4, 8))).ShouldStartWith("Set vocabulary.parallel");

    private static ScheduleMetrics Of(string family, Problem problem) =>
        ScheduleMetrics.Of(Replay.Run(FamilyCatalogue.Find(family)!.ScheduleOf(problem)));

    private static Problem Example(VocabularyParallel parallel)
    {
        var profile = Shape.Profile(devices: 4, microbatches: 8, forward: 4, backwardInput: 4, backwardWeight: 4);
        return Problem.Create(profile with { Vocabulary = Layer(parallel) }, splitBackward: false);
    }

    private static VocabularyLayer Layer(VocabularyParallel parallel) => new() { Size = 4, Parallel = parallel, Forward = 1, Backward = 1 };
}
