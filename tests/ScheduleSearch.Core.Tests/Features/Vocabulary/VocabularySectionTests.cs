using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Vocabulary;

/// <summary>What a layer comes to by its shape, and what is said of one that comes to nothing.</summary>
public class VocabularySectionTests
{
    private static readonly Profile Plain = Shape.Profile(devices: 4, microbatches: 8);

    /// <summary>2 b s h floating-point operations for an entry take 0.5 ms: 2 x 2 x 1000 x 125 = 500,000 at 10^9 a second.</summary>
    private static readonly VocabularyLayer ByShape = new()
    {
        Size = 10,
        Parallel = VocabularyParallel.OneBarrier,
        Hidden = 125,
        Sequence = 1000,
        MicrobatchSize = 2,
        FlopsPerSecond = 1e9m,
    };

    [Fact]
    public void Times_follow_from_the_shape_and_shards_differ_by_an_entry()
    {
        var one = Problem.Create(Plain with { Vocabulary = ByShape });
        Ms(one, one.VocabularyForward).ShouldBe([3, 3, 2, 2]);
        Ms(one, one.VocabularyBackward).ShouldBe([1.5m, 1.5m, 1, 1]);
        Ms(one, one.VocabularyInput).ShouldBe([0.1875m, 0.1875m, 0.1875m, 0.1875m]);
        var two = Problem.Create(Plain with { Vocabulary = ByShape with { Parallel = VocabularyParallel.TwoBarriers } });
        Ms(two, two.VocabularyForward).ShouldBe([1.5m, 1.5m, 1, 1]);
        Ms(two, two.VocabularyBackward).ShouldBe([3, 3, 2, 2]);
        // Whole: 10 entries, three products.
        var whole = Problem.Create(Plain with { Vocabulary = ByShape with { Parallel = VocabularyParallel.None } });
        foreach (var times in new[] { whole.Forward, whole.BackwardInput, whole.BackwardWeight }) (Ms(whole, times)[3] - 1).ShouldBe(5);
    }

    [Fact]
    public void A_logit_takes_four_bytes()
    {
        var problem = Problem.Create(Plain with { Memory = Plain.Memory! with { Unit = MemoryUnit.KiB }, Vocabulary = ByShape });
        // 3 entries, 2000 tokens, 4 bytes.
        problem.MemoryScale.FromTicks(problem.VocabularyActivation[0]).ShouldBe(23.4375m);
    }

    [Fact]
    public void The_same_layer_by_its_shape_and_by_its_times_is_one_problem()
    {
        var byTimes = new VocabularyLayer
        {
            Size = 999,
            Parallel = VocabularyParallel.OneBarrier,
            Forward = new decimal[] { 3, 3, 2, 2 },
            Backward = new[] { 1.5m, 1.5m, 1, 1 },
            Activation = 0,
            Input = 0.1875m,
        };
        Id(byTimes).ShouldBe(Id(ByShape with { Activation = 0 }));
        Id(byTimes with { Barrier = 1 }).ShouldNotBe(Id(byTimes));
        Id(byTimes with { Parallel = VocabularyParallel.TwoBarriers }).ShouldNotBe(Id(byTimes));
        Id(null).ShouldBe(Problem.Create(Plain).Id);

        static string Id(VocabularyLayer? layer) => Problem.Create(Plain with { Vocabulary = layer }).Id;
    }

    [Fact]
    public void Half_a_shape_or_both_forms_are_refused()
    {
        const string Members = "hidden, sequence, microbatchSize, flopsPerSecond";
        SectionErrors.Of(Plain with { Vocabulary = new() { Size = 10 } }).ShouldBe(
        [
            ("$.profile.vocabulary.forward", $"Is missing: give forward and backward, or {Members}."),
            ("$.profile.vocabulary.backward", $"Is missing: give forward and backward, or {Members}."),
        ]);
        SectionErrors.Of(Plain with { Vocabulary = ByShape with { Sequence = null } }).ShouldBe(
            [("$.profile.vocabulary.sequence", $"Is missing: times that follow from the shape of the layer need {Members}.")]);
        SectionErrors.Of(Plain with { Vocabulary = ByShape with { Forward = 1 } }).ShouldBe(
            [("$.profile.vocabulary.forward", $"Follows from {Members}: give either this or those.")]);
        SectionErrors.Of(Plain with { Vocabulary = ByShape with { FlopsPerSecond = 200 } }).ShouldBe(
            [("$.profile.vocabulary.flopsPerSecond", "Is 200, less than a million: state operations in a second, such as 2e14.")]);
        SectionErrors.Of(Plain with { Vocabulary = new() { Size = 0, Forward = new decimal[] { 1, 2 }, Backward = 1 } }).Select(error => error.Path).ShouldBe(
            ["$.profile.vocabulary.size", "$.profile.vocabulary.forward"]);
    }

    [Fact]
    public void Shards_do_not_go_with_two_pipes_or_slices()
    {
        var layer = new VocabularyLayer { Size = 10, Parallel = VocabularyParallel.OneBarrier, Forward = 1, Backward = 1 };
        SectionErrors.Of(Shape.Profile(devices: 4, microbatches: 8, placement: "bidirectional") with { Vocabulary = layer }).ShouldHaveSingleItem()
            .Path.ShouldBe("$.profile.vocabulary.parallel");
        SectionErrors.Of(Plain with { Vocabulary = layer, Slices = new() { Count = 2 } }).ShouldHaveSingleItem()
            .ShouldBe(("$.profile.vocabulary", "Does not go with slices: give one of them."));
    }

    private static decimal[] Ms(Problem problem, IEnumerable<long> ticks) => [.. ticks.Select(problem.TimeScale.FromTicks)];
}
