using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// 1F1B with one more forward in every warm-up for each barrier of an output layer in shards, so that there is other work while a microbatch waits for
/// them: device d holds min(p - d + 1, m) microbatches with one barrier and one more with two. Source: Yeung et al., Balancing Pipeline Parallelism with
/// Vocabulary Parallelism, arXiv:2411.05288.
/// </summary>
internal sealed class VocabularyOneForwardOneBackward : IScheduleFamily
{
    /// <summary>Why a problem whose output layer is whole does not admit the families of shards.</summary>
    internal const string WhyNotWhole = "Set vocabulary.parallel to one-barrier or two-barriers: its order is about an output layer in shards.";

    public string Name => "vocab-1f1b";

    public string Placement => "linear";

    public string Description =>
        "1F1B with one more forward in the warm-up for each barrier of an output layer in shards; device d holds min(p - d + 1, m) microbatches with "
        + "one barrier, one more with two.";

    public string Conditions => "An output layer in shards (vocabulary.parallel).";

    public string Source => "Yeung et al., Vocabulary Parallelism, arXiv:2411.05288";

    public bool SplitsBackward => false;

    public string? BrokenCondition(Problem problem) => problem.VocabularyBarriers == 0 ? WhyNotWhole : null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) =>
    [
        .. Enumerable.Range(0, problem.Devices).Select(device => OneForwardOneBackward.OnDevice(
            device, warmUp: problem.Devices - 1 - device + problem.VocabularyBarriers, problem.Microbatches)),
    ];
}
