using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families.BuildingBlocks;

/// <summary>
/// The block of 1F1B's memory with the two chunks of a V: a step down takes five slots, a step up one, so that the last device's operations of one
/// microbatch stand side by side. For F = B = W on all stages and no latency the steady state has no bubble and a device holds at most p microbatches.
/// Source: Qi et al., Pipeline Parallelism with Controllable Memory, arXiv:2405.15362.
/// </summary>
internal sealed class VZeroBubble : IScheduleFamily
{
    public string Name => "v-zb";

    public string Placement => "v";

    public string Description =>
        "The building block of 1F1B's memory with two chunks in a V. For F = B = W on all stages and no latency its steady state has no bubble and a device "
        + "holds p microbatches.";

    public string Conditions => "";

    public string Source => "Qi et al., Pipeline Parallelism with Controllable Memory, arXiv:2405.15362";

    public bool SplitsBackward => true;

    public string? BrokenCondition(Problem problem) => null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) => BlockOrder.WithinItsPeak(Block(problem.Placement)!, problem.Microbatches);

    /// <summary>The block. Device d is passed in the slots -d, 1 - d, 2 - d and 3 - d modulo 6, which never meet.</summary>
    internal static BuildingBlock? Block(Placements.Placement placement)
    {
        var p = placement.Devices;
        return BuildingBlock.OfV(placement, d => 5 * d, d => 6 * p - 5 - d, d => 6 * p - 4 + 5 * d, d => 12 * p - 9 - d);
    }
}
