using System.Collections.Immutable;
using ScheduleSearch.Core.Estimates.Requests;

namespace ScheduleSearch.Core.Estimates.Plans;

/// <summary>One way to divide a model among a cluster's devices, and what it is estimated to take.</summary>
/// <param name="Sizes">How the devices are divided.</param>
/// <param name="Microbatches">m: microbatches of each pipeline; null where the global batch does not make a whole number of them.</param>
/// <param name="Memory">
/// GiB of the fullest device: under 1F1B where the placement is linear or interleaved, else with one microbatch on each of its stages; null where the sizes do
/// not go with the model.
/// </param>
/// <param name="Reason">Why it is ruled out; null where it is not.</param>
/// <param name="Pipeline">What can be searched; null where it is ruled out.</param>
public sealed record Plan(PlanSizes Sizes, int? Microbatches, decimal? Memory, string? Reason, PlannedPipeline? Pipeline)
{
    /// <summary>The layers of each stage with which it is estimated, the embedding and the head among them; empty where it is ruled out.</summary>
    public ImmutableArray<int> Split { get; init; } = [];
}
