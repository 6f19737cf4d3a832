using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// ZB-H1 with twice the warm-up and twice the pending weight gradients, 2(p - 1 - d) and 2d on device d: no device waits between its first
/// and last operation. For equal stages without latency the span is m(F + B + W) + (p - 1) max(0, B - F, F + B - 2W); device d holds
/// 2(p - d) - 1 activations and the retained part of 2d more. Source: Qi et al., Zero Bubble Pipeline Parallelism, arXiv:2401.10241, and
/// the repository sail-sg/zero-bubble-pipeline-parallelism.
/// </summary>
internal sealed class ZeroBubbleH2 : IScheduleFamily
{
    public string Name => "zb-h2";

    public string Placement => "linear";

    public string Description =>
        "ZB-H1 with twice the warm-up and twice the pending weight gradients. Span m(F + B + W) + (p - 1) max(0, B - F, F + B - 2W) for equal "
        + "stages without latency; device d holds 2(p - d) - 1 activations and the retained part of 2d more.";

    public string Conditions => "microbatches >= 2 x devices - 1.";

    public string Source => "Qi et al., Zero Bubble Pipeline Parallelism, arXiv:2401.10241";

    public bool SplitsBackward => true;

    public string? BrokenCondition(Problem problem)
    {
        var least = 2 * problem.Devices - 1;
        return problem.Microbatches >= least ? null : $"The warm-up of {least} forwards is longer than the iteration: set microbatches to at least {least}.";
    }

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) =>
    [
        .. Enumerable.Range(0, problem.Devices)
            .Select(device => ZeroBubbleH1.OnDevice(
                device, warmUp: 2 * (problem.Devices - 1 - device), pending: 2 * device, problem.Microbatches)),
    ];
}
