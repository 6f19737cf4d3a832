using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// 1F1B with its backward split: device d keeps d weight gradients back, which fill its cool-down. For equal stages without latency and
/// m at least p the span is m(F + B + W) + (p - 1) max(B, F + B - W); device d holds p - d activations and the retained part of d more.
/// Source: Qi et al., Zero Bubble Pipeline Parallelism, arXiv:2401.10241, and the repository sail-sg/zero-bubble-pipeline-parallelism.
/// </summary>
internal sealed class ZeroBubbleH1 : IScheduleFamily
{
    public string Name => "zb-h1";

    public string Placement => "linear";

    public string Description =>
        "1F1B with split backwards; device d keeps d weight gradients back for its cool-down. Span m(F + B + W) + (p - 1) max(B, F + B - W) for "
        + "equal stages without latency and m >= p; device d holds p - d activations and the retained part of d more.";

    public string Conditions => "";

    public string Source => "Qi et al., Zero Bubble Pipeline Parallelism, arXiv:2401.10241";

    public bool SplitsBackward => true;

    public string? BrokenCondition(Problem problem) => null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) =>
    [
        .. Enumerable.Range(0, problem.Devices)
            .Select(device => OnDevice(device, warmUp: problem.Devices - 1 - device, pending: device, problem.Microbatches)),
    ];

    /// <summary>The order of a device that warms up with some forwards and keeps some weight gradients pending.</summary>
    internal static IReadOnlyList<Operation> OnDevice(int device, int warmUp, int pending, int microbatches)
    {
        var order = new DeviceOrder(microbatches);
        for (var forward = 0; forward < warmUp; forward++) order.Forward(device);
        for (var backward = 0; backward < microbatches; backward++)
        {
            order.Forward(device).BackwardInput(device);
            if (backward >= pending) order.BackwardWeight(device);
        }

        while (order.Count(OperationKind.BackwardWeight, device) < microbatches) order.BackwardWeight(device);
        return order.Operations;
    }
}
