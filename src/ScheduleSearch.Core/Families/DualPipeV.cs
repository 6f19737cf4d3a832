using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// DualPipe cut in half: the two stages of a device are those of a V, on the way down and on the way up, so no weights are held twice. For
/// equal stages with F = B = W and no latency a device waits (p - 1)(FB + B - 2W) in all, with FB the time of a pair; every device holds
/// 2p + 1 chunks. Source: the repository deepseek-ai/DualPipe.
/// </summary>
internal sealed class DualPipeV : IScheduleFamily
{
    public string Name => "dualpipe-v";

    public string Placement => "v";

    public string Description =>
        "DualPipe with one pipe in a V: forwards of one chunk overlap with backwards of the other in the time of profile.overlap. For equal stages with "
        + "F = B = W and no latency a device waits (p - 1)(FB + B - 2W) in all, with FB the time of a pair; every device holds 2p + 1 chunks.";

    public string Conditions => "microbatches >= 2 x devices.";

    public string Source => "github.com/deepseek-ai/DualPipe";

    public bool SplitsBackward => true;

    public string? BrokenCondition(Problem problem)
    {
        var least = 2 * problem.Devices;
        return problem.Microbatches >= least ? null : $"Filling both ways of the V takes {least} microbatches: set microbatches to at least {least}.";
    }

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) =>
    [
        .. Enumerable.Range(0, problem.Devices).Select(device => DualPipeOrder.Of(
            problem, new(0, device), new(0, problem.Stages - 1 - device), half: problem.Devices, problem.Microbatches)),
    ];
}
