using System.Text.Json;
using ScheduleSearch.Core.Estimates;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Requests;

namespace ScheduleSearch.Tests.Shared;

/// <summary>A model whose layers somebody measured on GH200, from tests/Oracles/layer-times-gh200.json.</summary>
internal sealed record MeasuredModel(string Name, ModelSizes Sizes, long Sequence, IReadOnlyList<MeasuredLayers> Rows)
{
    private const string Device = "GH200";

    private const int Bisections = 40;

    /// <summary>The models of the file.</summary>
    public static IReadOnlyList<MeasuredModel> All()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Oracles", "layer-times-gh200.json")));
        return [.. document.RootElement.GetProperty("models").EnumerateArray().Select(Of)];
    }

    /// <summary>The efficiency at which the forward of the largest microbatch without tensor parallelism takes as long as measured.</summary>
    public double Efficiency()
    {
        var row = Rows.Where(row => row.TensorParallel == 1).MaxBy(row => row.MicrobatchSize)!;
        var (low, high) = (0.01, 1.0);
        for (var step = 0; step < Bisections; step++)
        {
            var middle = (low + high) / 2;
            if ((double)Estimate(row, middle).Layers[1].Forward > 1000 * row.Decoder.Forward) low = middle;
            else high = middle;
        }

        return low;
    }

    /// <summary>
    /// The estimate of what was run: products of single precision with rounded factors, kernels of scores one after the other, no sequence parallelism.
    /// </summary>
    public Estimate Estimate(MeasuredLayers row, double efficiency) => Estimator.Of(new()
    {
        Model = Sizes,
        Sequence = Sequence,
        MicrobatchSize = row.MicrobatchSize,
        TensorParallel = row.TensorParallel,
        SequenceParallel = false,
        Dtype = NumberType.Tf32,
        Attention = AttentionKernel.Eager,
        Device = DeviceCatalogue.Find(Device)! with { Efficiency = efficiency },
        Pipeline = new() { Devices = 1, Microbatches = 1 },
    });

    private static MeasuredModel Of(JsonElement model)
    {
        var sizes = model.GetProperty("sizes");
        return new(
            model.GetProperty("name").GetString()!,
            new ModelSizes
            {
                Hidden = sizes.GetProperty("hidden").GetInt64(),
                Layers = sizes.GetProperty("layers").GetInt32(),
                Heads = sizes.GetProperty("heads").GetInt64(),
                FeedForward = sizes.GetProperty("feedForward").GetInt64(),
                Gated = sizes.GetProperty("gated").GetBoolean(),
                Vocabulary = sizes.GetProperty("vocabulary").GetInt64(),
                Biases = Enum.Parse<BiasKind>(sizes.GetProperty("biases").GetString()!, ignoreCase: true),
            },
            model.GetProperty("sequence").GetInt64(),
            [.. model.GetProperty("rows").EnumerateArray().Select(MeasuredLayers.Of)]);
    }
}
