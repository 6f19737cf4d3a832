using System.Collections.Immutable;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Json;
using ScheduleSearch.Core.Estimates.Ranks;
using ScheduleSearch.Core.Estimates.Requests;
using ScheduleSearch.Core.Features.Layers;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Estimates.Plans;

/// <summary>
/// Estimates all plans of a request, as Pipette does (Yim et al., DATE 2024): memory rules out, a formula ranks, and nodes are put where their links cost
/// least.
/// </summary>
/// <param name="request">What is planned.</param>
/// <param name="limits">How large the problem of a plan may be.</param>
public sealed class Planner(PlanRequest request, ProblemLimits limits)
{
    /// <summary>The device with the links of the cluster, which collectives within a stage use.</summary>
    private readonly DeviceModel _device = new ClusterLinks(request.Cluster, request.Base.Device).Device;

    /// <summary>The plans, the fastest by the formula first, then those that are ruled out in the order of the grid.</summary>
    /// <param name="cancellation">Gives up.</param>
    public IReadOnlyList<Plan> Plans(CancellationToken cancellation = default)
    {
        var plans = new List<Plan>();
        foreach (var sizes in PlanGrid.Of(request))
        {
            cancellation.ThrowIfCancellationRequested();
            plans.Add(Of(sizes));
        }

        return [.. plans.OrderBy(plan => plan.Pipeline?.Milliseconds ?? double.PositiveInfinity)];
    }

    private Plan Of(PlanSizes sizes)
    {
        var (batch, sequences) = (request.GlobalBatch, (long)sizes.Data * sizes.MicrobatchSize);
        if (batch % sequences != 0) return new(sizes, null, null, $"globalBatch {batch} is no multiple of data x microbatch size, {sequences}.", null);
        var microbatches = (int)(batch / sequences);
        var asked = request.Base with
        {
            TensorParallel = sizes.Tensor,
            DataParallel = sizes.Data,
            MicrobatchSize = sizes.MicrobatchSize,
            Device = _device,
            Pipeline = new()
            {
                Devices = sizes.Pipeline,
                Chunks = sizes.Chunks,
                Placement = sizes.Chunks == 1 ? "linear" : "interleaved",
                Microbatches = microbatches,
            },
        };
        if (WhyNot(asked) is { } reason) return new(sizes, microbatches, null, reason, null);
        try
        {
            return Of(sizes, microbatches, asked, Estimator.Of(asked));
        }
        catch (InvalidProfileException invalid)
        {
            return new(sizes, microbatches, null, invalid.Errors[0].Message, null);
        }
    }

    private Plan Of(PlanSizes sizes, int microbatches, EstimateRequest asked, Estimate estimate)
    {
        var fullest = estimate.Ranks.MaxBy(rank => rank.Total)!;
        if (!fullest.Fits)
        {
            var needs = decimal.Round(fullest.Total, 1);
            var reason = FormattableString.Invariant(
                $"1F1B with an even split of the layers holds {needs} GiB on rank {fullest.Rank}; a device has {request.Base.Device.Memory}.");
            return new(sizes, microbatches, fullest.Total, reason, null);
        }

        var work = new PlannedWork(
            ClosedLayers.On(estimate.Profile, SplitOf(estimate.Ranks, (int)asked.Pipeline.Stages)),
            sizes.Data * asked.ContextParallel,
            asked.MessageBytes,
            [.. estimate.Ranks.Select(rank => SumBytes(asked, rank))]);
        return new(
            sizes, microbatches, fullest.Total, null,
            PlannedPipeline.Of(work, sizes.Tensor, request.Cluster, request.Base.Device, request.Options, limits));
    }

    private string? WhyNot(EstimateRequest asked)
    {
        var layers = asked.Model.Layers + asked.Model.MtpLayers;
        if (asked.Pipeline.Stages > layers) return $"Has {asked.Pipeline.Stages} stages; the model has {layers} decoder layers.";
        if (asked.Pipeline is { Devices: 1, Chunks: > 1 }) return "Chunks of one rank are one stage.";
        return RequestCheck.OfSizes(asked, limits) is { IsEmpty: false } errors ? $"{errors[0].Path[2..]}: {errors[0].Message}" : null;
    }

    /// <summary>Layers of each stage as the table of memory has them: the embedding stands before the first decoder layer, the head after the last.</summary>
    private static ImmutableArray<int> SplitOf(ImmutableArray<RankMemory> ranks, int stages) =>
    [
        .. Enumerable.Range(0, stages)
            .Select(stage => ranks[stage % ranks.Length].Layers[stage / ranks.Length] + (stage == 0 ? 1 : 0) + (stage == stages - 1 ? 1 : 0)),
    ];

    /// <summary>
    /// Bytes of a device that go around in a sum of gradients. Where replicas keep shares of the optimizer's state, gradients are scattered and weights
    /// gathered, each of which is half of a sum.
    /// </summary>
    private static double SumBytes(EstimateRequest asked, RankMemory rank)
    {
        var (gradient, weight) = ((double)rank.Parameters * asked.Optimizer.GradientBytes, (double)rank.Parameters * asked.ActivationBytes);
        return asked.Optimizer.Sharding == StateSharding.None ? gradient : (gradient + weight) / 2;
    }
}
