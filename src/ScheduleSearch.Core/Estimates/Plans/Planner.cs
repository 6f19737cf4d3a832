using System.Collections.Immutable;
using ScheduleSearch.Core.Estimates.Costs;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Json;
using ScheduleSearch.Core.Estimates.Ranks;
using ScheduleSearch.Core.Estimates.Requests;
using ScheduleSearch.Core.Features.Layers;
using ScheduleSearch.Core.Instructions.Formats;
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
        if (batch % sequences != 0) return Refused(sizes, null, $"globalBatch {batch} is no multiple of data x microbatch size, {sequences}.");
        var microbatches = (int)(batch / sequences);
        var asked = request.Base with
        {
            TensorParallel = sizes.Tensor,
            ContextParallel = sizes.Context,
            DataParallel = sizes.Data,
            MicrobatchSize = sizes.MicrobatchSize,
            Device = _device,
            Pipeline = new()
            {
                Devices = sizes.Pipeline,
                Chunks = sizes.Chunks,
                Placement = sizes.Placement,
                Microbatches = microbatches,
            },
        };
        if (WhyNot(asked) is { } reason) return Refused(sizes, microbatches, reason);
        try
        {
            return Of(sizes, microbatches, asked);
        }
        catch (InvalidProfileException invalid)
        {
            return Refused(sizes, microbatches, invalid.Errors[0].Message);
        }
    }

    /// <summary>Of the splits that fit, the one whose busiest rank has least to do.</summary>
    private Plan Of(PlanSizes sizes, int microbatches, EstimateRequest asked)
    {
        var (works, layered) = (ModelLayers.Of(asked), Estimator.Of(asked).Profile);
        var even = RankTable.Even(asked, works);
        var best = request.Split == PlanSplit.Search ? BottleneckSplit.Of(layered) ?? even : even;
        var candidates = new[] { best, even }.DistinctBy(split => string.Join(',', split))
            .Select(split => (Split: split, Stages: ClosedLayers.On(layered, split), Fullest: RankTable.Of(asked, works, split).MaxBy(rank => rank.Total)!))
            .OrderBy(candidate => PlannedPipeline.BusiestOf(candidate.Stages)).ToList();
        // Of other placements, whether any order fits is asked of the problem.
        var isCounted = RankTable.IsLooped(asked.Pipeline);
        var fitting = candidates.FindIndex(candidate => !isCounted || candidate.Fullest.Fits);
        if (fitting < 0)
        {
            var (split, _, fullest) = candidates[0];
            var (needs, kind) = (decimal.Round(fullest.Total, 1), split.SequenceEqual(even) ? "an even split of the layers" : "the best split of the layers");
            var reason = FormattableString.Invariant(
                $"1F1B with {kind} holds {needs} GiB on rank {fullest.Rank}; a device has {request.Base.Device.Memory}.");
            return Refused(sizes, microbatches, reason) with { Memory = fullest.Total };
        }

        var chosen = candidates[fitting];
        var work = new PlannedWork(chosen.Stages, sizes.Data * sizes.Context, asked.MessageBytes, SumBytes(chosen.Split))
        {
            Layers = request.Split == PlanSplit.Search && chosen.Split.Length > 1 ? new(layered, SumBytes) : null,
        };
        var options = CarriedChoice.Narrowed(request.Options);
        var pipeline = PlannedPipeline.Of(work, sizes.Tensor, request.Cluster, request.Base.Device, options, limits);
        CarriedChoice.Check(pipeline.Problem, options);
        return new(sizes, microbatches, chosen.Fullest.Total, null, pipeline) { Split = chosen.Split };

        ImmutableArray<double> SumBytes(ImmutableArray<int> split) => [.. RankTable.Of(asked, works, split).Select(rank => SumBytesOf(asked, rank))];
    }

    private static Plan Refused(PlanSizes sizes, int? microbatches, string reason) => new(sizes, microbatches, null, reason, null);

    private string? WhyNot(EstimateRequest asked)
    {
        var layers = asked.Model.Layers + asked.Model.MtpLayers;
        if (asked.Pipeline.Stages > layers) return $"Has {asked.Pipeline.Stages} stages; the model has {layers} decoder layers.";
        if (asked.Pipeline is { Devices: 1, Chunks: > 1 }) return "Chunks of one rank are one stage.";
        var looped = asked with { Pipeline = asked.Pipeline with { Placement = PlanGrid.Looped(asked.Pipeline.Chunks) } };
        return RequestCheck.OfSizes(looped, limits) is { IsEmpty: false } errors ? $"{errors[0].Path[2..]}: {errors[0].Message}" : null;
    }

    /// <summary>
    /// Bytes of a device that go around in a sum of gradients. Where replicas keep shares of the optimizer's state, gradients are scattered and weights
    /// gathered, each of which is half of a sum.
    /// </summary>
    private static double SumBytesOf(EstimateRequest asked, RankMemory rank)
    {
        var (gradient, weight) = ((double)rank.Parameters * asked.Optimizer.GradientBytes, (double)rank.Parameters * asked.ActivationBytes);
        return asked.Optimizer.Sharding == StateSharding.None ? gradient : (gradient + weight) / 2;
    }
}
