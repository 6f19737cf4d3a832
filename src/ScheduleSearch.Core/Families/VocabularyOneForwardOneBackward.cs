using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// 1F1B around an output layer in shards: every device repeats a forward, a pass before the barrier, a backward and a pass after it, each as early as the
/// repetition allows, so that one microbatch more is in flight for each barrier. For equal stages device d holds min(p - d + 1, m) microbatches with
/// one barrier and one more with two. Source: Yeung et al., Balancing Pipeline Parallelism with Vocabulary Parallelism, arXiv:2411.05288.
/// </summary>
internal sealed class VocabularyOneForwardOneBackward : IScheduleFamily
{
    /// <summary>Why a problem whose output layer is whole does not admit the families of shards.</summary>
    internal const string WhyNotWhole = "Set vocabulary.parallel to one-barrier or two-barriers: its order is about an output layer in shards.";

    /// <summary>The condition of the families of shards.</summary>
    internal const string AboutShards = "An output layer in shards (vocabulary.parallel).";

    public string Name => "vocab-1f1b";

    public string Placement => "linear";

    public string Description =>
        "A forward, a pass before the barrier, a backward and a pass after it in turn; device d holds min(p - d + 1, m) microbatches with one barrier, one "
        + "more with two.";

    public string Conditions => AboutShards;

    public string Source => "Yeung et al., Vocabulary Parallelism, arXiv:2411.05288";

    public bool SplitsBackward => false;

    public string? BrokenCondition(Problem problem) => problem.VocabularyBarriers == 0 ? WhyNotWhole : null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) => VocabularyRepetition.Staggered(problem).Orders();
}
