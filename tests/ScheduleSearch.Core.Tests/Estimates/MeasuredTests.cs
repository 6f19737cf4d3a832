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
