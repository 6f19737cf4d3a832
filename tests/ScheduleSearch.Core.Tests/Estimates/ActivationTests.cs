using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Estimates;

/// <summary>Activations of the usual transformer are those of Korthikanti et al. (arXiv 2205.05198), here with s = 2048, b = 1, h = 1024, a = 16.</summary>
public class ActivationTests
{
    private const double Hidden = 2048.0 * 1024, GiB = 1 << 30;

    [Theory]
    [InlineData("""{ "attention": "eager" }""", 34 + 5 * 16 * 2048 / 1024.0)]
    [InlineData("""{ "attention": "eager", "recompute": "selective" }""", 34)]
    [InlineData("""{ "attention": "eager", "recompute": "full" }""", 2)]
    [InlineData("""{ "attention": "flash" }""", 34 + 4 * 16 / 1024.0)]
    [InlineData("""{ "attention": "eager", "recompute": "selective", "tensorParallel": 8 }""", 34 / 8.0)]
    [InlineData("""{ "attention": "eager", "recompute": "selective", "tensorParallel": 8, "sequenceParallel": false }""", 10 + 24 / 8.0)]
    [InlineData("""{ "attention": "eager", "recompute": "selective", "contextParallel": 2 }""", 34 / 2.0)]
    public void They_follow_the_published_formula(string more, double bytesOfEntry) =>
        ((double)Models.Estimate(Models.Gpt, more).Layers[1].Activation).ShouldBe(bytesOfEntry * Hidden / GiB, tolerance: 1e-6);

    [Fact]
    public void Thirty_two_bytes_of_an_entry_wait_for_the_weight_gradient() =>
        // As in zero-bubble pipeline parallelism (arXiv 2401.10241), table 1.
        ((double)Models.Estimate(Models.Gpt).Layers[1].Retained).ShouldBe(32 * Hidden / GiB, tolerance: 1e-6);

    [Fact]
    public void Grouped_queries_and_gates_change_it()
    {
        // Norms and inputs of products 8 h, queries and attention 4 h, keys and values 4 h / 4, feed-forward 6 f, and a logarithm for each head.
        var bytes = 2048.0 * (12 * 4096 + 4 * 1024 + 6 * 14336 + 4 * 32);
        ((double)Models.Estimate(Models.Llama8).Layers[1].Activation).ShouldBe(bytes / GiB, tolerance: 1e-6);
    }

    [Fact]
    public void Tokens_at_experts_are_kept_as_often_as_they_are_sent()
    {
        var bytes = 2048.0 * (12 * 4096 + 4 * 1024 + 2 * (4 * 4096 + 6 * 14336) + 4 * 8 + 4 * 32);
        ((double)Models.Estimate(Models.Mixtral).Layers[1].Activation).ShouldBe(bytes / GiB, tolerance: 1e-6);
    }

    [Fact]
    public void The_head_keeps_logits_in_single_precision()
    {
        var bytes = 2048.0 * (4 * 128256 + 4 * 4096);
        ((double)Models.Estimate(Models.Llama8).Layers[^1].Activation).ShouldBe(bytes / GiB, tolerance: 1e-6);
    }
}
