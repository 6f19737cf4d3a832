using ScheduleSearch.Core.Estimates.Requests;
using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Estimates.Plans;

/// <summary>Says what plans leave out.</summary>
public static class PlanNotes
{
    /// <summary>Whoever compares plans has to know these.</summary>
    public static IEnumerable<string> Of(PlanRequest request)
    {
        var asked = request.Base;
        yield return "Times and memory are estimates from sizes and data sheets: measure the plans that lead before you rely on their order.";
        yield return "Memory rules out what does not fit under 1F1B with the split that is estimated, nor with an even one; of v, wave and bidirectional what "
            + "fits in no order. An order that holds fewer microbatches may fit all the same, more slowly.";
        yield return "Messages and sums do not wait for each other on a link, and sums do not overlap with backwards: each rank's begin after its last one.";
        yield return "Ranks are dealt out to nodes in Megatron's order: tensor-parallel devices side by side, then replicas, then pipeline ranks.";
        yield return "Not in the times: the optimizer's step, input, the sum of a shared embedding's gradients.";
        if (asked.Optimizer.Sharding == StateSharding.Zero3)
            yield return "Weights are counted as gathered once an iteration; with zero3 each forward and backward gathers them again.";
        if (request.Placements?.Contains(new BidirectionalPlacement().Name) == true)
            yield return "Of two pipes, the sum of a stage's gradients over its two ranks is not in the times, and the formula has the bubbles of chunks.";
        if (asked.Model.Experts is not null)
            yield return "Gradients of experts are counted as summed over all replicas, and not only over those that have the same experts.";
    }
}
