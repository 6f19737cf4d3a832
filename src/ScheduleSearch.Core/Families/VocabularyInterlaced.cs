using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// 1F1B whose devices all stop for the output layer of each microbatch, as in tensor parallelism: they pass over their shards together and wait for the
/// barriers idle. A microbatch is in flight one and a half times as long as in 1F1B. Source: Lin et al., nnScaler, OSDI 2024; described as the interlaced
/// pipeline in Yeung et al., Vocabulary Parallelism, arXiv:2411.05288.
/// </summary>
internal sealed class VocabularyInterlaced : IScheduleFamily
{
    public string Name => "vocab-interlaced";

    public string Placement => "linear";

    public string Description =>
        "All devices pass over their shards of the output layer together, with nothing between the passes; a forward and a backward of each in between. "
        + "Device 0 holds about 1.5 p microbatches.";

    public string Conditions => VocabularyOneForwardOneBackward.AboutShards;

    public string Source => "Lin et al., nnScaler, OSDI 2024";

    public bool SplitsBackward => false;

    public string? BrokenCondition(Problem problem) => problem.VocabularyBarriers == 0 ? VocabularyOneForwardOneBackward.WhyNotWhole : null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) => VocabularyRepetition.Interlaced(problem).Orders();
}
