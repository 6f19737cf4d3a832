using System.Text.Json;
using ScheduleSearch.Core.Estimates;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Requests;

namespace ScheduleSearch.Tests.Shared;

/// <summary>A model whose peak memory under 1F1B is published, from tests/Oracles/peaks-1f1b.json.</summary>
internal sealed record PublishedPeak(string Name, int Layers, long Heads, long Hidden, int Devices, int MicrobatchSize, long Sequence, decimal Peak)
{
    private const long Vocabulary = 50304;

    /// <summary>The models of the file.</summary>
    public static IReadOnlyList<PublishedPeak> All()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Oracles", "peaks-1f1b.json")));
        var sequence = document.RootElement.GetProperty("sequence").GetInt64();
        return
        [
            .. document.RootElement.GetProperty("models").EnumerateArray().Select(model => new PublishedPeak(
                model.GetProperty("name").GetString()!,
                model.GetProperty("layers").GetInt32(),
                model.GetProperty("heads").GetInt64(),
                model.GetProperty("hidden").GetInt64(),
                model.GetProperty("devices").GetInt32(),
                model.GetProperty("microbatchSize").GetInt32(),
                sequence,
                model.GetProperty("peak").GetDecimal())),
        ];
    }

    /// <summary>
    /// The largest estimate of a rank in GiB: the first and the last rank have a layer less than the others, as published; scores are kept, masks too, and the
    /// optimizer is whole.
    /// </summary>
    public decimal Estimated()
    {
        var estimate = Estimator.Of(new()
        {
            Model = new()
            {
                Hidden = Hidden,
                Layers = Layers,
                Heads = Heads,
                Vocabulary = Vocabulary,
                Gated = false,
                Biases = BiasKind.All,
                Dropout = true,
            },
            Sequence = Sequence,
            MicrobatchSize = MicrobatchSize,
            Attention = AttentionKernel.Eager,
            Device = DeviceCatalogue.Find("A100")!,
            Pipeline = new() { Devices = 1, Microbatches = 1 },
        });
        var (embedding, decoder) = (estimate.Layers[0], estimate.Layers[1]);
        var each = (Layers + 2) / Devices;
        return Math.Max(Rank(each - 1, Devices) + embedding.Weights, Rank(each, Devices - 1));

        decimal Rank(int layers, int inFlight) => layers * (decoder.Weights + inFlight * decoder.Activation);
    }
}
