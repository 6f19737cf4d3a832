using System.Globalization;
using ScheduleSearch.Core.Estimates.Costs;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Ranks;
using ScheduleSearch.Core.Estimates.Requests;

namespace ScheduleSearch.Core.Estimates;

/// <summary>Says what an estimate leaves out.</summary>
internal static class EstimateWarnings
{
    /// <summary>Whoever reads the numbers has to know these.</summary>
    public static IEnumerable<string> Of(EstimateRequest request, IReadOnlyList<LayerWork> works, IReadOnlyList<RankMemory> ranks)
    {
        yield return "This is an estimate from sizes and data sheets, not a measurement: replace the numbers by measured ones before you rely on a schedule.";
        if (request.Model.Assumed is { } assumed) yield return assumed;
        yield return "Not in the times: starting kernels (small microbatches take longer), kernels that are not fused, products of small or uneven shapes, "
            + "clocks under load.";
        yield return "Not in the memory: the runtime's own memory, buffers of communication and work space, fragmentation.";
        if (request.Parallel.Data * request.Parallel.Context > 1)
            yield return "Not in the times: sums of gradients over data-parallel replicas, and gathers of what they share.";
        if (request.Parallel.Tensor > 1 || request.Parallel.Context > 1) yield return "Collectives are counted as if nothing overlapped with them.";
        if (request.Dtype == NumberType.Fp8) yield return "Not counted: casts to eight bits, their scales, copies of weights and activations in eight bits.";
        if (request.Model.Experts is not null)
        {
            yield return $"Experts count as if each got capacityFactor = {Quantity.Plain((double)request.Moe.CapacityFactor)} times its even share of tokens; "
                + "small products of many experts run below the efficiency of large ones.";
        }

        if (works.Any(work => work.SharedParameters > 0) && request.Pipeline.Devices > 1)
        {
            yield return "The head shares the embedding's weights: the first and the last rank have a copy each, and the sum of their gradients is not in the "
                + "times.";
        }

        if (ranks.Where(rank => !rank.Fits).Select(rank => rank.Rank).ToList() is { Count: > 0 } full)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Split evenly, 1F1B does not fit a device's {request.Device.Memory} GiB on rank{(full.Count == 1 ? "" : "s")} {string.Join(", ", full)}.");
        }
    }
}
