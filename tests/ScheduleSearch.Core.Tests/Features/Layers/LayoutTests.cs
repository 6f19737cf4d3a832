using System.Collections.Immutable;
using ScheduleSearch.Core.Features.Layers;
using ScheduleSearch.Core.Features.Layers.Layouts;
using ScheduleSearch.Core.Placements;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Layers;

/// <summary>A split as the settings of runtimes.</summary>
public class LayoutTests
{
    private static readonly LayerList Model = [Layer("embedding"), Layer("decoder", 8), Layer("head")];

    [Fact]
    public void Counts_are_those_of_the_request() => Settings("counts", Layout(Model, [3, 2, 2, 3])).ShouldBe("""{"split":[3,2,2,3]}""");

    [Fact]
    public void Megatron_has_a_letter_for_each_layer_and_a_bar_between_stages() => Settings("megatron", Layout(Model, [4, 2, 1, 3])).ShouldBe(
        """{"--num-layers":8,"--pipeline-model-parallel-size":4,"--pipeline-model-parallel-layout":"Et*3|tt|t|ttL"}""");

    /// <summary>The layout that Megatron Core documents for DeepSeek-V3 on 16 ranks with two chunks each: Et*3|(tt|)*29,m|L.</summary>
    [Fact]
    public void The_documented_layout_of_61_layers_comes_out()
    {
        LayerList layers = [Layer("embedding"), Layer("decoder", 61), Layer("mtp"), Layer("head")];
        var layout = new StageLayout(
            layers, new() { Devices = 16, Chunks = 2, Placement = "interleaved", Microbatches = 32 }, [4, .. Enumerable.Repeat(2, 29), 1, 1]);
        LayoutCatalogue.Find("megatron")!.SettingsOf(layout)["--pipeline-model-parallel-layout"]!.GetValue<string>()
            .ShouldBe($"Et*3|{string.Concat(Enumerable.Repeat("tt|", 29))}m|L");
        LayoutCatalogue.Find("megatron")!.SettingsOf(layout)["--mtp-num-layers"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public void Torchtitan_has_the_modules_of_each_part() => Settings("torchtitan", Layout(Model, [3, 2, 2, 3])).ShouldBe(
        """{"pipeline_parallel_degree":4,"module_fqns_per_model_part":[["tok_embeddings","layers.0","layers.1"],["layers.2","layers.3"],"""
        + """["layers.4","layers.5"],["layers.6","layers.7","norm","output"]]}""");

    [Fact]
    public void Nemo_has_the_layers_of_the_first_and_the_last_rank() => Settings("nemo", Layout(Model, [2, 3, 3, 2])).ShouldBe(
        """{"num_layers":8,"pipeline_model_parallel_size":4,"num_layers_in_first_pipeline_stage":1,"num_layers_in_last_pipeline_stage":1}""");

    [Theory]
    [InlineData("nemo", "linear", "use the format megatron")]
    [InlineData("megatron", "v", "Megatron deals its stages out in turn")]
    [InlineData("torchtitan", "bidirectional", "two pipes")]
    public void What_a_runtime_cannot_be_told_is_refused(string format, string placement, string reason)
    {
        var chunks = placement == "linear" ? 2 : 1;
        var shape = new PipelineShape { Devices = 4 / chunks, Chunks = chunks, Placement = chunks == 1 ? placement : "interleaved", Microbatches = 4 };
        if (placement == "v") shape = shape with { Devices = 2, Chunks = 2 };
        LayoutCatalogue.Find(format)!.WhyNot(new StageLayout(Model, shape, [4, 2, 1, 3])).ShouldNotBeNull().ShouldContain(reason);
    }

    [Fact]
    public void A_head_before_the_end_is_refused()
    {
        LayerList layers = [Layer("head"), Layer("decoder", 3)];
        foreach (var format in LayoutCatalogue.All.Skip(1)) format.WhyNot(Layout(layers, [1, 1, 1, 1])).ShouldBe("A head is not the last layer.");
    }

    private static StageLayout Layout(LayerList layers, ImmutableArray<int> split) => new(layers, new() { Devices = 4, Microbatches = 8 }, split);

    private static string Settings(string format, StageLayout layout)
    {
        var asked = LayoutCatalogue.Find(format)!;
        asked.WhyNot(layout).ShouldBeNull();
        return asked.SettingsOf(layout).ToJsonString();
    }

    private static ModelLayer Layer(string name, int count = 1) => new() { Name = name, Count = count, Forward = 1, BackwardInput = 1, BackwardWeight = 1 };
}
