using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families.BuildingBlocks;

/// <summary>
/// The block of the least memory with the two chunks of a V: every step takes one slot. For F = B = W on all stages and no latency the steady
/// state has no bubble and a device holds at most floor((p + 4) / 3) microbatches. Unequal times stretch its period to 6 max(F, B, W).
/// Source: Qi et al., Pipeline Parallelism with Controllable Memory, arXiv:2405.15362, and the repository
/// sail-sg/zero-bubble-pipeline-parallelism.
/// </summary>
internal sealed class VMin : IScheduleFamily
{
    public string Name => "v-min";

    public string Placement => "v";

    public string Description =>
        "The building block of the least memory with two chunks in a V. For F = B = W on all stages and no latency its steady state has no bubble and "
        + "a device holds floor((p + 4) / 3) microbatches; unequal times stretch its period to 6 max(F, B, W) chunk times.";

    public string Conditions => "";

    public string Source => "Qi et al., Pipeline Parallelism with Controllable Memory, arXiv:2405.15362";

    public bool SplitsBackward => true;

    public string? BrokenCondition(Problem problem) => null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) => BlockOrder.WithinItsPeak(Block(problem.Placement)!, problem.Microbatches);

    /// <summary>The block. Where p is a multiple of 3 the backwards start two slots later, or they would meet forwards.</summary>
    internal static BuildingBlock? Block(Placements.Placement placement) => Block(placement, placement.Devices % 3 == 0 ? 2 : 0);

    /// <summary>The block whose backwards start so many slots later than they could; null when operations meet in a slot.</summary>
    internal static BuildingBlock? Block(Placements.Placement placement, int interval)
    {
        var p = placement.Devices;
        return BuildingBlock.OfV(placement, d => d, d => 2 * p - 1 - d, d => 2 * p + interval + d, d => 4 * p + interval - d - 1);
    }
}
