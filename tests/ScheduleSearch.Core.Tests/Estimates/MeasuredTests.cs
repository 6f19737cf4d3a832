using ScheduleSearch.Core.Estimates;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Estimates;

/// <summary>Estimates beside layers that were measured on GH200: one efficiency, fitted to one forward of Llama-3-8B, and all else follows.</summary>
public class MeasuredTests
{
    /// <summary>Microbatches of one sequence of OPT-350M wait for kernels to be started, which is not estimated.</summary>
    private const int LeastMicrobatch = 2;

    private readonly MeasuredModel _opt = MeasuredModel.All()[0], _llama = MeasuredModel.All()[1];

    [Fact]
    public void All_microbatches_and_tensor_parallel_sizes_of_the_fitted_model_are_within_a_fifth() =>
        Ratios(
            _llama,
            _ => true,
            row => row.Decoder.Forward + row.Decoder.Backward,
            (decoder, _) => decoder.Forward + decoder.BackwardInput + decoder.BackwardWeight).ShouldAllBe(ratio => IsWithinFifth(ratio));

    [Fact]
    public void Forwards_of_the_other_model_are_within_a_fifth() =>
        Ratios(_opt, IsWhole, row => row.Decoder.Forward, (decoder, _) => decoder.Forward).ShouldAllBe(ratio => IsWithinFifth(ratio));

    [Fact]
    public void Forwards_of_its_head_are_within_a_fifth() =>
        Ratios(_opt, IsWhole, row => row.Head.Forward, (_, head) => head.Forward).ShouldAllBe(ratio => IsWithinFifth(ratio));

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

    private static bool IsWhole(MeasuredLayers row) => row.TensorParallel == 1 && row.MicrobatchSize >= LeastMicrobatch;

    private static bool IsWithinFifth(double ratio) => ratio > 0.8 && ratio < 1.2;

    /// <summary>Estimated against measured times of some rows; there are some.</summary>
    private List<double> Ratios(
        MeasuredModel model, Func<MeasuredLayers, bool> counts, Func<MeasuredLayers, double> measured, Func<LayerEstimate, LayerEstimate, decimal> estimated)
    {
        var efficiency = _llama.Efficiency();
        List<double> ratios = [.. from row in model.Rows
                                  where counts(row)
                                  let layers = model.Estimate(row, efficiency).Layers
                                  select (double)estimated(layers[1], layers[^1]) / (1000 * measured(row))];
        ratios.Count.ShouldBeGreaterThan(3);
        return ratios;
    }
}
