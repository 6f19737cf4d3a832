using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families.BuildingBlocks;

/// <summary>
/// V-Half whose backwards come one period later for each barrier of an output layer in shards, so that a device holds one microbatch more for each. Source:
/// Yeung et al., Balancing Pipeline Parallelism with Vocabulary Parallelism, arXiv:2411.05288.
/// </summary>
internal sealed class VocabularyVHalf : IScheduleFamily
{
    public string Name => "vocab-v-half";

    public string Placement => "v";

    public string Description =>
        "V-Half with backwards one period later for each barrier of an output layer in shards; a device holds one microbatch more for each.";

    public string Conditions => VocabularyOneForwardOneBackward.AboutShards;

    public string Source => "Yeung et al., Vocabulary Parallelism, arXiv:2411.05288";

    public bool SplitsBackward => true;

    public string? BrokenCondition(Problem problem) => problem.VocabularyBarriers == 0 ? VocabularyOneForwardOneBackward.WhyNotWhole : null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) =>
        BlockOrder.WithinItsPeak(VHalf.Block(problem.Placement)!.WithBackwardsLater(problem.VocabularyBarriers), problem.Microbatches);
}
