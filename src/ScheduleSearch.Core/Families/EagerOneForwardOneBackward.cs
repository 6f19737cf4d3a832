using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// 1F1B with twice the warm-up, 2(p - 1 - d) forwards on device d: the microbatches in flight cover the latency c of both legs. For equal
/// stages and 2c at most F + B + W the makespan is (m + p - 1)(F + B + W) + 2(p - 1)c; device d holds min(2(p - d) - 1, m) microbatches.
/// Source: the repository NVIDIA/jaxpp.
/// </summary>
internal sealed class EagerOneForwardOneBackward : IScheduleFamily
{
    public string Name => "eager-1f1b";

    public string Placement => "linear";

    public string Description =>
        "1F1B with a warm-up of 2(p - 1 - d) forwards, which hides latency c. Makespan (m + p - 1)(F + B + W) + 2(p - 1)c for equal stages "
        + "and 2c <= F + B + W; device d holds min(2(p - d) - 1, m) microbatches.";

    public string Conditions => "";

    public string Source => "github.com/NVIDIA/jaxpp";

    public bool SplitsBackward => false;

    public string? BrokenCondition(Problem problem) => null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) =>
    [
        .. Enumerable.Range(0, problem.Devices)
            .Select(device => OneForwardOneBackward.OnDevice(device, warmUp: 2 * (problem.Devices - 1 - device), problem.Microbatches)),
    ];
}
