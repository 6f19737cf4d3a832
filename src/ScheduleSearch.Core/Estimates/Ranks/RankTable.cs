using System.Collections.Immutable;
using ScheduleSearch.Core.Estimates.Costs;
using ScheduleSearch.Core.Estimates.Requests;
using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Estimates.Ranks;

/// <summary>The memory of each pipeline rank.</summary>
internal static class RankTable
{
    private const int Decimals = 6;

    /// <summary>A row for each rank: decoder layers dealt out evenly.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="layers">The layers of the model.</param>
    public static ImmutableArray<RankMemory> Of(EstimateRequest request, IReadOnlyList<LayerWork> layers) => Of(request, layers, Even(request, layers));

    /// <summary>
    /// A row for each rank: what 1F1B has in flight where the placement is that of Megatron's schedules, else one microbatch on each of its stages, without
    /// which there is no order.
    /// </summary>
    /// <param name="request">What is asked.</param>
    /// <param name="layers">The layers of the model.</param>
    /// <param name="split">How many of all layers, the embedding and the head among them, each stage has.</param>
    public static ImmutableArray<RankMemory> Of(EstimateRequest request, IReadOnlyList<LayerWork> layers, ImmutableArray<int> split)
    {
        var (shape, ranks) = (request.Pipeline, request.Pipeline.Devices);
        var placement = PlacementCatalogue.Find(shape.Placement ?? new LinearPlacement().Name)!.Place(shape);
        LayerWork[] all = [.. layers.SelectMany(layer => Enumerable.Repeat(layer, layer.Count))];
        // On one rank the head uses the embedding's own weights; on another it has a copy of them.
        if (ranks == 1) all[^1] = all[^1].WithoutShared();
        var first = FirstOf(split);
        return [.. Enumerable.Range(0, ranks).Select(Row)];

        RankMemory Row(int rank)
        {
            var stages = placement.StagesOn(rank);
            var inFlight = IsLooped(shape) ? InFlight.Of(rank, ranks, shape.Chunks, shape.Microbatches) : [.. stages.Select(_ => 1)];
            var (state, activation, largest) = (default(ParameterState), 0.0, 0.0);
            foreach (var (place, stage) in stages.Index())
            {
                foreach (var layer in all[first[stage.Stage]..first[stage.Stage + 1]])
                {
                    state += ParameterState.Of(request, layer);
                    activation += inFlight[place] * layer.Activation.Value;
                    largest = Math.Max(largest, layer.Remade);
                }
            }

            var held = Bytes.ToGiB(activation + largest, Decimals);
            var total = held + Bytes.ToGiB(state.Bytes, Decimals);
            return new(
                rank,
                [.. stages.Select(stage => all[first[stage.Stage]..first[stage.Stage + 1]].Count(IsDecoder))],
                [.. inFlight],
                decimal.Round(state.Parameters),
                Bytes.ToGiB(state.Weights, Decimals),
                Bytes.ToGiB(state.Gradients, Decimals),
                Bytes.ToGiB(state.Optimizer, Decimals),
                held,
                total,
                total <= (decimal)request.Device.Memory);
        }
    }

    /// <summary>Whether the placement is one that the table has the microbatches in flight of.</summary>
    public static bool IsLooped(PipelineShape shape) => (shape.Placement ?? new LinearPlacement().Name) == PlanGrid.Looped(shape.Chunks);

    /// <summary>As many decoder layers for each stage, the first ones one more where some are left over, and the embedding and the head at the ends.</summary>
    public static ImmutableArray<int> Even(EstimateRequest request, IReadOnlyList<LayerWork> layers)
    {
        var (stages, decoders) = ((int)request.Pipeline.Stages, layers.Where(IsDecoder).Sum(layer => layer.Count));
        return
        [
            .. Enumerable.Range(0, stages).Select(stage =>
                decoders / stages + (stage < decoders % stages ? 1 : 0) + (stage == 0 ? 1 : 0) + (stage == stages - 1 ? 1 : 0)),
        ];
    }

    private static bool IsDecoder(LayerWork layer) => layer.Kind is LayerKind.Dense or LayerKind.Moe or LayerKind.Mtp;

    /// <summary>The first layer of each stage, and the end of the last.</summary>
    private static int[] FirstOf(ImmutableArray<int> split)
    {
        var first = new int[split.Length + 1];
        for (var stage = 0; stage < split.Length; stage++) first[stage + 1] = first[stage] + split[stage];
        return first;
    }
}
