using System.Collections.Immutable;
using ScheduleSearch.Core.Estimates.Costs;
using ScheduleSearch.Core.Estimates.Requests;

namespace ScheduleSearch.Core.Estimates.Ranks;

/// <summary>The memory of each pipeline rank.</summary>
internal static class RankTable
{
    private const int Decimals = 6;

    /// <summary>A row for each rank: decoder layers dealt out evenly, chunks in turn.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="layers">The layers of the model.</param>
    public static ImmutableArray<RankMemory> Of(EstimateRequest request, IReadOnlyList<LayerWork> layers)
    {
        var (ranks, chunks, stages) = (request.Pipeline.Devices, request.Pipeline.Chunks, (int)request.Pipeline.Stages);
        LayerWork[] decoders = [.. layers.Where(IsDecoder).SelectMany(layer => Enumerable.Repeat(layer, layer.Count))];
        var first = FirstOf(decoders.Length, stages);
        return [.. Enumerable.Range(0, ranks).Select(Row)];

        RankMemory Row(int rank)
        {
            var inFlight = InFlight.Of(rank, ranks, chunks, request.Pipeline.Microbatches);
            var (state, activation, largest) = (default(ParameterState), 0.0, 0.0);
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                foreach (var layer in LayersOf(chunk * ranks + rank))
                {
                    state += ParameterState.Of(request, layer);
                    activation += inFlight[chunk] * layer.Activation.Value;
                    largest = Math.Max(largest, layer.Remade);
                }
            }

            var held = Bytes.ToGiB(activation + largest, Decimals);
            var total = held + Bytes.ToGiB(state.Bytes, Decimals);
            return new(
                rank,
                [.. Enumerable.Range(0, chunks).Select(chunk => first[chunk * ranks + rank + 1] - first[chunk * ranks + rank])],
                [.. inFlight],
                decimal.Round(state.Parameters),
                Bytes.ToGiB(state.Weights, Decimals),
                Bytes.ToGiB(state.Gradients, Decimals),
                Bytes.ToGiB(state.Optimizer, Decimals),
                held,
                total,
                total <= (decimal)request.Device.Memory);
        }

        IEnumerable<LayerWork> LayersOf(int stage)
        {
            if (stage == 0) yield return layers[0];
            for (var layer = first[stage]; layer < first[stage + 1]; layer++) yield return decoders[layer];
            // On one rank the head uses the embedding's own weights; on another it has a copy of them.
            if (stage == stages - 1) yield return ranks == 1 ? layers[^1].WithoutShared() : layers[^1];
        }
    }

    private static bool IsDecoder(LayerWork layer) => layer.Kind is LayerKind.Dense or LayerKind.Moe or LayerKind.Mtp;

    /// <summary>The first decoder layer of each stage, and the end of the last: as many for each, the first stages one more.</summary>
    private static int[] FirstOf(int layers, int stages) =>
        [.. Enumerable.Range(0, stages + 1).Select(stage => layers / stages * stage + Math.Min(stage, layers % stages))];
}
