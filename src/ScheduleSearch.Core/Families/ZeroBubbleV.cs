using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// Zero bubble with the two chunks of a V and no more memory than 1F1B. For F = B = W on all stages, no latency and m at least 2p the
/// span is 6m and the makespan 6m + p - 1 chunk times; every device holds 2p chunks. A short iteration is that of 2p - 1 microbatches with
/// the later ones left out. Source: Qi et al., Zero Bubble Pipeline Parallelism, arXiv:2401.10241, and the repository
/// sail-sg/zero-bubble-pipeline-parallelism.
/// </summary>
internal sealed class ZeroBubbleV : IScheduleFamily
{
    public string Name => "zb-v";

    public string Placement => "v";

    public string Description =>
        "Zero bubble with two chunks in a V. For F = B = W on all stages, no latency and m >= 2p: span 6m, makespan 6m + p - 1 chunk times; every "
        + "device holds 2p chunks, the activations of p microbatches.";

    public string Conditions => "";

    public string Source => "Qi et al., Zero Bubble Pipeline Parallelism, arXiv:2401.10241; github.com/sail-sg/zero-bubble-pipeline-parallelism";

    public bool SplitsBackward => true;

    public string? BrokenCondition(Problem problem) => null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) =>
        [.. Enumerable.Range(0, problem.Devices).Select(device => OnDevice(problem.Devices, device, problem.Microbatches))];

    private static IReadOnlyList<Operation> OnDevice(int devices, int device, int microbatches)
    {
        var (down, up) = (device, 2 * devices - 1 - device);
        var full = Math.Max(microbatches, 2 * devices - 1);
        var order = new DeviceOrder(microbatches);

        Repeat(2 * (devices - device) - 1, () => order.Forward(down));
        Repeat(device, () => order.Forward(up).Forward(down));
        Repeat(devices - device, () => order.Forward(up).BackwardInput(up).BackwardWeight(up));
        Repeat(full - devices, () =>
        {
            order.Forward(down).BackwardInput(down).BackwardWeight(down);
            order.Forward(up).BackwardInput(up).BackwardWeight(up);
        });
        Repeat(device, () => order.BackwardInput(down).BackwardInput(up));
        Repeat(devices - device, () => order.BackwardInput(down).BackwardWeight(down));
        while (order.Count(OperationKind.BackwardWeight, up) < full) order.BackwardWeight(up);
        while (order.Count(OperationKind.BackwardWeight, down) < full) order.BackwardWeight(down);
        return order.Operations;
    }

    private static void Repeat(int times, Action step)
    {
        for (var time = 0; time < times; time++) step();
    }
}
