using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// Two pipes, one each way, whose forwards overlap with the backwards of the other pipe, so that the communication within a stage, such as
/// that between experts, hides behind arithmetic. For equal stages with F = B = W and no latency, and for some others, a device waits
/// (p/2 - 1)(FB + B - 2W) in all, with FB the time of a pair; every device holds p + 1 microbatches and the weights of two stages. Source:
/// DeepSeek-AI, DeepSeek-V3, arXiv:2412.19437, and the repository deepseek-ai/DualPipe.
/// </summary>
internal sealed class DualPipe : IScheduleFamily
{
    public string Name => "dualpipe";

    public string Placement => "bidirectional";

    public string Description =>
        "Two pipes, one each way, whose forwards overlap with the other's backwards in the time of profile.overlap. For equal stages with F = B = W and "
        + "no latency a device waits (p/2 - 1)(FB + B - 2W) in all, with FB the time of a pair; every device holds p + 1 microbatches and the "
        + "weights of two stages.";

    public string Conditions => "One chunk, an even number of devices, an even number of microbatches, at least 2 x devices.";

    public string Source => "DeepSeek-AI, DeepSeek-V3, arXiv:2412.19437; github.com/deepseek-ai/DualPipe";

    public bool SplitsBackward => true;

    public string? BrokenCondition(Problem problem)
    {
        if (TwoPipes.BrokenShape(problem, chunks: 1) is { } shape) return shape;
        var least = 2 * problem.Devices;
        return problem.Microbatches >= least && problem.Microbatches % 2 == 0
            ? null
            : $"Each pipe needs as many microbatches as the other, and at least {problem.Devices}: set microbatches to an even number from {least} on.";
    }

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) =>
        [.. Enumerable.Range(0, problem.Devices).Select(device => OnDevice(problem, problem.Placement.StagesOn(device)))];

    private static IReadOnlyList<Operation> OnDevice(Problem problem, IReadOnlyList<StageOfPipe> stages)
    {
        var (first, second) = stages[0].Stage < stages[1].Stage ? (stages[0], stages[1]) : (stages[1], stages[0]);
        return DualPipeOrder.Of(problem, first, second, half: problem.Devices / 2, problem.Microbatches / 2);
    }
}
