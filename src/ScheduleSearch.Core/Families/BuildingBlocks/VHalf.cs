using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families.BuildingBlocks;

/// <summary>
/// The block of half of 1F1B's memory with the two chunks of a V: a step down takes two slots, a step up one. For F = B = W on all stages
/// and no latency the steady state has no bubble and a device holds at most floor((p + 2) / 2) microbatches. Source: Qi et al., Pipeline
/// Parallelism with Controllable Memory, arXiv:2405.15362, and the repository sail-sg/zero-bubble-pipeline-parallelism.
/// </summary>
internal sealed class VHalf : IScheduleFamily
{
    public string Name => "v-half";

    public string Placement => "v";

    public string Description =>
        "The building block of half of 1F1B's memory with two chunks in a V. For F = B = W on all stages and no latency its steady state has no bubble "
        + "and a device holds floor((p + 2) / 2) microbatches.";

    public string Conditions => "";

    public string Source => "Qi et al., Pipeline Parallelism with Controllable Memory, arXiv:2405.15362";

    public bool SplitsBackward => true;

    public string? BrokenCondition(Problem problem) => null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) => BlockOrder.WithinItsPeak(Block(problem.Placement)!, problem.Microbatches);

    /// <summary>The block. Where p is even the backwards start three slots later, or they would meet forwards.</summary>
    internal static BuildingBlock? Block(Placements.Placement placement) => Block(placement, placement.Devices % 2 == 0 ? 3 : 0);

    /// <summary>The block whose backwards start so many slots later than they could; null when operations meet in a slot.</summary>
    internal static BuildingBlock? Block(Placements.Placement placement, int interval)
    {
        var p = placement.Devices;
        return BuildingBlock.OfV(placement, d => 2 * d, d => 3 * p - d - 2, d => 3 * p + interval + 2 * d - 1, d => 6 * p + interval - d - 2);
    }
}
