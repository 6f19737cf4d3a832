using ScheduleSearch.Core.Estimates;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Estimates;

/// <summary>Estimates beside layers that were measured on GH200: one efficiency, fitted to one forward of OPT-350M, and all else follows.</summary>
public class MeasuredTests
{
    /// <summary>Tokens of a device below which the host starts kernels more slowly than the device carries them out, which is not estimated.</summary>
    private const int LeastTokens = 4096;

    private readonly MeasuredModel _fitted = MeasuredModel.All()[0];

    [Theory]
    [InlineData("Llama-3-8B", 6)]
    [InlineData("OPT-30B", 15)]
    public void Whole_layers_of_the_other_models_are_within_a_fifth(string name, int rows)
    {
        var ratios = Whole(MeasuredModel.All().Single(model => model.Name == name), _ => true);
        ratios.Count.ShouldBe(rows);
        ratios.ShouldAllBe(ratio => IsWithinFifth(ratio));
    }

    [Fact]
    public void Those_of_the_fitted_model_are_where_a_device_has_work_enough()
    {
        var ratios = Whole(_fitted, row => row.MicrobatchSize * _fitted.Sequence / row.TensorParallel >= LeastTokens);
        ratios.Count.ShouldBe(15);
        ratios.ShouldAllBe(ratio => IsWithinFifth(ratio));
    }

    /// <summary>Heads of small models are forwards of one product and a loss; of OPT-30B they are up to 1.6 times too long.</summary>
    [Fact]
    public void Forwards_of_the_heads_of_the_fitted_model_are_within_a_fifth() =>
        Ratios(_fitted, row => row is { TensorParallel: 1, MicrobatchSize: > 1 }, row => row.Head.Forward, (_, head) => head.Forward)
            .ShouldAllBe(ratio => IsWithinFifth(ratio));

    /// <summary>Whole iterations, from the measured times of layers: see docs/estimates.md for those of smaller microbatches.</summary>
    [Fact]
    public void Iterations_of_microbatches_of_eight_sequences_are_within_a_seventh()
    {
        var plans = MeasuredIteration.All().Where(plan => plan.MicrobatchSize == 8).ToList();
        plans.Count.ShouldBe(9);
        plans.ShouldAllBe(plan => Math.Abs(plan.Predicted().Seconds / plan.Seconds - 1) < 1 / 7.0);
    }

    [Fact]
    public void Plans_of_as_many_nodes_and_sequences_are_predicted_in_the_order_in_which_they_were_measured()
    {
        var compared = 0;
        foreach (var plans in MeasuredIteration.All().Where(plan => plan.MicrobatchSize == 8).GroupBy(plan => (plan.Nodes, plan.GlobalBatch)))
        {
            plans.OrderBy(plan => plan.Seconds).Select(plan => plan.Predicted().Seconds).ShouldBeInOrder();
            compared += plans.Count() - 1;
        }

        compared.ShouldBe(5);
    }

    private static bool IsWithinFifth(double ratio) => ratio > 0.8 && ratio < 1.2;

    private List<double> Whole(MeasuredModel model, Func<MeasuredLayers, bool> counts) => Ratios(
        model, counts, row => row.Decoder.Forward + row.Decoder.Backward, (decoder, _) => decoder.Forward + decoder.BackwardInput + decoder.BackwardWeight);

    /// <summary>Estimated against measured times of some rows; there are some.</summary>
    private List<double> Ratios(
        MeasuredModel model, Func<MeasuredLayers, bool> counts, Func<MeasuredLayers, double> measured, Func<LayerEstimate, LayerEstimate, decimal> estimated)
    {
        var efficiency = _fitted.Efficiency();
        List<double> ratios = [.. from row in model.Rows
                                  where counts(row)
                                  let layers = model.Estimate(row, efficiency).Layers
                                  select (double)estimated(layers[1], layers[^1]) / (1000 * measured(row))];
        ratios.Count.ShouldBeGreaterThan(3);
        return ratios;
    }
}
