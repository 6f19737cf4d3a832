using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Estimates;

/// <summary>The memory of ranks under 1F1B.</summary>
public class RankTests
{
    [Fact]
    public void Each_rank_holds_a_microbatch_less_than_the_one_before()
    {
        var estimate = Models.Estimate(Models.Llama8, """{ "pipeline": { "devices": 4, "microbatches": 8 } }""");
        estimate.Ranks.Select(rank => rank.InFlight[0]).ShouldBe([4, 3, 2, 1]);
        estimate.Ranks.Select(rank => rank.Layers[0]).ShouldBe([8, 8, 8, 8]);
        var (embedding, decoder, head) = (estimate.Layers[0], estimate.Layers[1], estimate.Layers[2]);
        estimate.Ranks[0].Activation.ShouldBe(4 * (8 * decoder.Activation + embedding.Activation), tolerance: 1e-4m);
        estimate.Ranks[3].Activation.ShouldBe(8 * decoder.Activation + head.Activation, tolerance: 1e-4m);
        estimate.Ranks.Sum(rank => rank.Parameters).ShouldBe(estimate.Parameters.Total);
    }

    [Fact]
    public void No_rank_holds_more_microbatches_than_there_are() =>
        Models.Estimate(Models.Llama8, """{ "pipeline": { "devices": 4, "microbatches": 2 } }""").Ranks.Select(rank => rank.InFlight[0]).ShouldBe([2, 2, 2, 1]);

    [Fact]
    public void Interleaved_chunks_hold_the_forwards_of_the_warm_up()
    {
        // Warm-up of rank d: 2 (p - d - 1) + (v - 1) p forwards, and one more before the first backward.
        var estimate = Models.Estimate(Models.Llama8, """{ "pipeline": { "devices": 4, "chunks": 2, "placement": "interleaved", "microbatches": 8 } }""");
        estimate.Ranks.Select(rank => rank.InFlight.Sum()).ShouldBe([11, 9, 7, 5]);
        estimate.Ranks[0].InFlight.ShouldBe([7, 4]);
    }

    [Fact]
    public void Layers_left_over_go_to_the_first_stages()
    {
        var estimate = Models.Estimate(Models.Llama8, """{ "pipeline": { "devices": 5, "microbatches": 8 } }""");
        estimate.Ranks.Select(rank => rank.Layers[0]).ShouldBe([7, 7, 6, 6, 6]);
    }

    [Theory]
    [InlineData("none", 2, 4, 12)]
    [InlineData("zero1", 2, 4, 12 / 8.0)]
    [InlineData("distributed", 2, 4, 12 / 8.0)]
    [InlineData("zero2", 2, 4 / 8.0, 12 / 8.0)]
    [InlineData("zero3", 2 / 8.0, 4 / 8.0, 12 / 8.0)]
    public void Replicas_share_what_sharding_says(string sharding, double weights, double gradients, double optimizer)
    {
        var rank = Models.Estimate(Models.Llama8, $$"""{ "dataParallel": 4, "contextParallel": 2, "optimizer": { "sharding": "{{sharding}}" } }""").Ranks[0];
        double[] bytes = [.. new[] { rank.Weights, rank.Gradients, rank.Optimizer }.Select(gib => (double)gib * (1 << 30) / 8_030_261_248)];
        bytes[0].ShouldBe(weights, tolerance: 1e-6);
        bytes[1].ShouldBe(gradients, tolerance: 1e-6);
        bytes[2].ShouldBe(optimizer, tolerance: 1e-6);
    }

    [Fact]
    public void Experts_are_dealt_out_and_shared_by_fewer_replicas()
    {
        const long Expert = 3L * 4096 * 14336;
        var rank = Models.Estimate(Models.Mixtral, """{ "dataParallel": 8, "expertParallel": 4, "optimizer": { "sharding": "zero1" } }""").Ranks[0];
        rank.Parameters.ShouldBe(46_702_792_704 - 32 * 6 * Expert);
        var others = 46_702_792_704 - 32 * 8 * Expert;
        ((double)rank.Optimizer).ShouldBe(12 * (others / 8.0 + 32 * 2 * Expert / 2.0) / (1 << 30), tolerance: 1e-5);
    }

    [Fact]
    public void What_does_not_fit_is_said()
    {
        var estimate = Models.Estimate(Models.Llama70, """{ "pipeline": { "devices": 4, "microbatches": 8 } }""");
        estimate.Ranks.ShouldAllBe(rank => !rank.Fits);
        estimate.Warnings.ShouldContain(warning => warning.EndsWith("on ranks 0, 1, 2, 3.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1f1b")]
    [InlineData("zb-1p")]
    [InlineData("zb-2p")]
    public void Peaks_are_within_a_tenth_of_the_published_ones(string schedule)
    {
        var models = PublishedPeak.All();
        models.Count.ShouldBe(4);
        models.ShouldAllBe(model => Math.Abs(model.Estimated(schedule) / model.Peaks[schedule] - 1) < 0.1m);
    }
}
