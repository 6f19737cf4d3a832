using System.Text.Json;
using ScheduleSearch.Core.Estimates;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Requests;

namespace ScheduleSearch.Tests.Shared;

/// <summary>A model whose peak memory is published by schedule, from tests/Oracles/published-peaks.json.</summary>
/// <param name="Name">The model.</param>
/// <param name="Layers">Its decoder layers.</param>
/// <param name="Heads">Its heads.</param>
/// <param name="Hidden">Its width.</param>
/// <param name="Devices">Pipeline ranks.</param>
/// <param name="MicrobatchSize">Sequences of a microbatch.</param>
/// <param name="Sequence">Tokens of a sequence.</param>
/// <param name="Peaks">GB by schedule: <c>1f1b</c>, <c>zb-1p</c>, <c>zb-2p</c>.</param>
internal sealed record PublishedPeak(
    string Name, int Layers, long Heads, long Hidden, int Devices, int MicrobatchSize, long Sequence, IReadOnlyDictionary<string, decimal> Peaks)
{
    private const long Vocabulary = 50304;

    /// <summary>The models of the file.</summary>
    public static IReadOnlyList<PublishedPeak> All()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Oracles", "published-peaks.json")));
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
                model.GetProperty("peaks").EnumerateObject().ToDictionary(peak => peak.Name, peak => peak.Value.GetDecimal()))),
        ];
    }

    /// <summary>
    /// The largest estimate of a rank in GiB: the first and the last rank have a layer less than the others, as published; scores are kept, masks too, and the
    /// optimizer is whole. Under 1F1B a rank holds a microbatch for itself and each rank after it; ZB-1p and ZB-2p may hold p and 2p on any rank.
    /// </summary>
    /// <param name="schedule">One of those in <c>Peaks</c>.</param>
    public decimal Estimated(string schedule)
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
        return schedule switch
        {
            "1f1b" => Math.Max(Rank(each - 1, Devices) + embedding.Weights, Rank(each, Devices - 1)),
            "zb-1p" => Math.Max(Rank(each - 1, Devices) + embedding.Weights, Rank(each, Devices)),
            "zb-2p" => Math.Max(Rank(each - 1, 2 * Devices) + embedding.Weights, Rank(each, 2 * Devices)),
            _ => throw new ArgumentOutOfRangeException(nameof(schedule)),
        };

        decimal Rank(int layers, int inFlight) => layers * (decoder.Weights + inFlight * decoder.Activation);
    }
}
