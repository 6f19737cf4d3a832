using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Estimates;

/// <summary>Parameters are exact: they are those that the published checkpoints have.</summary>
public class ParameterTests
{
    [Theory]
    [InlineData(Models.Llama8, 8_030_261_248, 8_030_261_248)]
    [InlineData(Models.Llama70, 70_553_706_496, 70_553_706_496)]
    [InlineData(Models.Mixtral, 46_702_792_704, 12_879_925_248)]
    public void All_are_counted(string config, long total, long active)
    {
        var parameters = Models.Estimate(config).Parameters;
        (parameters.Total, parameters.Active).ShouldBe((total, active));
    }

    [Fact]
    public void Latent_attention_shared_experts_and_dense_layers_are_counted() =>
        // Without the 58 x 256 biases by which the router balances its experts, which no gradient reaches.
        Models.Estimate(Models.DeepSeekV3, """{ "pipeline": { "devices": 16, "microbatches": 8 } }""").Parameters.Total.ShouldBe(671_026_404_352);

    [Fact]
    public void Biases_are_counted_where_there_are_some() =>
        // 12 h^2 + 13 h, as the profile of OPT-350M by eth-easl/sailor has it.
        Models.Estimate(Models.Gpt).Layers[1].Parameters.ShouldBe(12_596_224);

    [Fact]
    public void Shared_weights_count_once_and_stand_on_both_ends()
    {
        const string Tied = """{ "hidden": 1024, "layers": 2, "heads": 16, "vocabulary": 50304, "tiedEmbeddings": true }""";
        const long Vocabulary = 50304 * 1024;
        var (one, two) = (Models.Estimate(Tied), Models.Estimate(Tied, """{ "pipeline": { "devices": 2, "microbatches": 8 } }"""));
        one.Ranks[0].Parameters.ShouldBe(one.Parameters.Total);
        two.Ranks.Sum(rank => rank.Parameters).ShouldBe(two.Parameters.Total + Vocabulary);
    }

    [Fact]
    public void A_layer_that_predicts_further_tokens_has_a_projection_and_norms_and_shares_the_head()
    {
        const string With = """{ "hidden": 1024, "layers": 2, "heads": 16, "vocabulary": 50304, "mtpLayers": 1 }""";
        var layers = Models.Estimate(With).Layers;
        layers.Select(layer => layer.Kind).ShouldBe(["embedding", "dense", "mtp", "head"]);
        layers[2].Parameters.ShouldBe(layers[1].Parameters + 2 * 1024 * 1024 + 3 * 1024);
        layers[2].BackwardWeight.ShouldBeGreaterThan(layers[1].BackwardWeight + layers[3].BackwardWeight);
    }
}
