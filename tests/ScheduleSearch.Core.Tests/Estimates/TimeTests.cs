using ScheduleSearch.Core.Estimates;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Estimates;

/// <summary>Times on a device of round numbers, by hand.</summary>
public class TimeTests
{
    private const double Tokens = 2048, Tera = 1e12, Giga = 1e9;

    /// <summary>FLOP of the products of a layer of Llama 3 8B: 2 for each weight and token.</summary>
    private const double Products = 2 * Tokens * (4096.0 * 6144 + 4096.0 * 4096 + 3.0 * 4096 * 14336);

    /// <summary>Both products of all scores, the half of them that the mask leaves.</summary>
    private const double Scores = 2 * 2 * Tokens * 2048 * 4096 / 2;

    /// <summary>Bytes: 10 h of the hidden state, rotation and attention of 4096 + 1024 and their values, 3 f of the feed-forward.</summary>
    private const double Traffic = Tokens * 2 * (10 * 4096 + 2 * 5120 + 2 * 4096 + 2 * 1024 + 3 * 14336);

    [Fact]
    public void A_decoder_computes_then_moves_memory()
    {
        var layer = Models.Estimate(Models.Llama8, Device()).Layers[1];
        ((double)layer.Forward).ShouldBe(1000 * ((Products + Scores) / Tera + Traffic / Giga), tolerance: 1e-5);
        // Blocks of scores are made again: five products in the place of two.
        ((double)layer.BackwardInput).ShouldBe(1000 * ((Products + 2.5 * Scores) / Tera + 2 * Traffic / Giga), tolerance: 1e-5);
        // Gradients of weights, four bytes each, are read and written.
        ((double)layer.BackwardWeight).ShouldBe(1000 * (Products / Tera + 2 * 4 * Products / (2 * Tokens) / Giga), tolerance: 1e-5);
        layer.Formulas.Forward.ShouldStartWith(
            "products 2·2048 tokens·(qkv 4096·6144 + output 4096·4096 + feed-forward 3·4096·14336) = 893.4 GFLOP at 1 TFLOP/s · 1;");
        layer.Formulas.Forward.ShouldEndWith($"in all {layer.Forward} ms");
    }

    /// <summary>In half precision one kernel masks and normalises; in single precision two do, and the gradient of the mask in place is five copies.</summary>
    [Theory]
    [InlineData("bf16", 2, 4, 7)]
    [InlineData("tf32", 4, 6, 17)]
    public void Scores_that_leave_the_chip_are_all_computed_and_moved(string dtype, int bytes, int passes, int passesOfGradients)
    {
        var (flash, eager) = (
            Models.Estimate(Models.Llama8, Device($$""", "dtype": "{{dtype}}" """)),
            Models.Estimate(Models.Llama8, Device($$""", "dtype": "{{dtype}}", "attention": "eager" """)));
        var passed = Tokens * 2048 * 32 * bytes / Giga;
        ((double)(eager.Layers[1].Forward - flash.Layers[1].Forward)).ShouldBe(1000 * (Scores / Tera + passes * passed), tolerance: 1e-5);
        ((double)(eager.Layers[1].BackwardInput - flash.Layers[1].BackwardInput))
            .ShouldBe(1000 * (1.5 * Scores / Tera + passesOfGradients * passed), tolerance: 1e-5);
    }

    [Fact]
    public void Scores_that_are_dropped_out_are_moved_once_more_with_their_mask()
    {
        var (dropped, kept) = (Eager(Models.Gpt), Eager(Models.Gpt.Replace("\"dropout\": true", "\"dropout\": false", StringComparison.Ordinal)));
        var moved = 1000 * Tokens * 2048 * 16 * (2 * 2 + 1) / Giga;
        ((double)(dropped.Forward - kept.Forward)).ShouldBe(moved, tolerance: 1e-5);
        ((double)(dropped.BackwardInput - kept.BackwardInput)).ShouldBe(moved, tolerance: 1e-5);

        static LayerEstimate Eager(string model) => Models.Estimate(model, Device(""", "attention": "eager" """)).Layers[1];
    }

    /// <summary>Of four devices with links of their own, two use one of three links, and four use all.</summary>
    [Theory]
    [InlineData(2, 1 / 3.0)]
    [InlineData(4, 1)]
    public void Devices_with_direct_links_have_the_links_to_those_that_take_part(int tensor, double part)
    {
        const string Node = """, "tensorParallel": TENSOR, "device": { "preset": "GH200", "directLinks": DIRECT } """;
        double Forward(string direct) => (double)Models.Estimate(Models.Llama8, "{" + Node[1..]
            .Replace("TENSOR", $"{tensor}", StringComparison.Ordinal).Replace("DIRECT", direct, StringComparison.Ordinal) + "}").Layers[1].Forward;
        var collectives = 1000 * 4.0 * (tensor - 1) / tensor * Tokens * 4096 * 2 / (450 * Giga);
        (Forward("true") - Forward("false")).ShouldBe(collectives * (1 / part - 1), tolerance: 1e-5);
    }

    [Fact]
    public void What_is_made_again_takes_the_time_of_the_forward()
    {
        var (none, full) = (Models.Estimate(Models.Llama8), Models.Estimate(Models.Llama8, """{ "recompute": "full" }"""));
        (full.Layers[1].BackwardInput - none.Layers[1].BackwardInput).ShouldBe(none.Layers[1].Forward, tolerance: 2e-6m);
        full.Layers[^1].ShouldBe(none.Layers[^1]);
    }

    [Fact]
    public void Tensor_parallel_devices_share_the_work_and_hand_on_hidden_states()
    {
        var (one, four) = (Models.Estimate(Models.Llama8, Device()), Models.Estimate(Models.Llama8, Device(""", "tensorParallel": 4 """)));
        var collectives = 4 * 0.75 * Tokens * 4096 * 2 / Giga;
        ((double)four.Layers[1].Forward).ShouldBe((double)one.Layers[1].Forward / 4 + 1000 * collectives, tolerance: 1e-4);
        four.Layers[1].BackwardWeight.ShouldBe(one.Layers[1].BackwardWeight / 4, tolerance: 1e-5m);
    }

    [Fact]
    public void Tokens_travel_to_experts_over_the_network_where_the_group_is_larger_than_a_node()
    {
        var away = 2 * 15 / 16.0 * Tokens * 2 * 1.25 * 4096 * 2 / (0.1 * Giga);
        const string Parallel = """, "expertParallel": 16, "dataParallel": 16, "moe": { "capacityFactor": 1.25 } """;
        var experts = Models.Mixtral.Replace("\"num_local_experts\": 8", "\"num_local_experts\": 16", StringComparison.Ordinal);
        var (alone, apart) = (
            Models.Estimate(experts, Device(""", "dataParallel": 16, "moe": { "capacityFactor": 1.25 } """)), Models.Estimate(experts, Device(Parallel)));
        ((double)(apart.Layers[1].Forward - alone.Layers[1].Forward)).ShouldBe(1000 * away, tolerance: 1e-4);
        apart.Layers[1].AllToAllShare.ShouldBe(1000 * away / (double)apart.Layers[1].Forward, tolerance: 1e-5);
        alone.Layers[1].AllToAllShare.ShouldBe(0);
    }

    [Fact]
    public void In_parts_tokens_travel_while_others_are_computed()
    {
        const string Parallel = """, "expertParallel": 8, "dataParallel": 8, "moe": { "overlapDegree": PARTS } """;
        decimal Forward(int parts) =>
            Models.Estimate(Models.Mixtral, Device(Parallel.Replace("PARTS", $"{parts}", StringComparison.Ordinal))).Layers[1].Forward;
        var experts = 1000 * (2 * Tokens * 2 * 3 * 4096 * 14336 / Tera);
        // They take longer than the way, so of the one only a part is not covered: an eighth in the place of all.
        var away = 1000 * (2 * 7 / 8.0 * Tokens * 2 * 4096 * 2 / Giga);
        away.ShouldBeLessThan(experts);
        ((double)(Forward(1) - Forward(8))).ShouldBe(away * 7 / 8, tolerance: 1e-4);
    }

    /// <summary>Of eight experts a device has one and gathers two: five eighths of the tokens travel; what attention does not cover is waited for.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1000, 1)]
    public void Gathered_experts_travel_beside_attention_and_spare_tokens_the_way(double linkBandwidth, double covered)
    {
        const double Expert = 3.0 * 4096 * 14336, Attention = 2 * Tokens * (4096.0 * 6144 + 4096.0 * 4096);
        var link = $"\"linkBandwidth\": {linkBandwidth}";
        LayerEstimate Layer(int gathered) => Models.Estimate(
            Models.Mixtral,
            Device($$""", "expertParallel": 8, "dataParallel": 8, "moe": { "materialized": {{gathered}} } """)
                .Replace("\"linkBandwidth\": 1", link, StringComparison.Ordinal)).Layers[1];
        var (without, with) = (Layer(0), Layer(2));
        var spared = 1000 * (2 * 2 / 8.0 * Tokens * 2 * 4096 * 2 / (linkBandwidth * Giga));
        var (gather, beside) = (1000 * (2 * Expert * 2 / (linkBandwidth * Giga)), 1000 * (Attention + Scores) / Tera);
        (gather > beside).ShouldBe(covered == 0);
        ((double)(without.Forward - with.Forward)).ShouldBe(spared - Math.Max(0, gather - beside), tolerance: 1e-4);
        // In the backward they are gathered again, and their gradients of four bytes go back.
        var besideBackward = 1000 * (2 * Attention + 2.5 * Scores) / Tera;
        ((double)(without.BackwardInput - with.BackwardInput)).ShouldBe(spared - Math.Max(0, 3 * gather - besideBackward), tolerance: 1e-4);
        with.Formulas.Forward.ShouldContain("(8 − 1 − 2)/8");
    }

    [Fact]
    public void Experts_that_are_reached_by_indexing_wait_for_nothing_more()
    {
        const string Parallel = """, "tensorParallel": 8, "expertParallel": 8, "moe": { "dispatch": "all-reduce" } """;
        var (indexed, dense) = (Models.Estimate(Models.Mixtral, Device(Parallel)), Models.Estimate(Models.Mixtral, Device(""", "tensorParallel": 8 """)));
        indexed.Layers[1].Forward.ShouldBe(dense.Layers[1].Forward);
        indexed.Layers[1].Weights.ShouldBe(dense.Layers[1].Weights);
    }

    private static string Device(string more = "") => $$"""{ "device": {{Models.Round}} {{more}} }""";
}
