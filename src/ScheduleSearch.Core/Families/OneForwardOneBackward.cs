using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// Device d warms up with p - 1 - d forwards, then alternates one forward and one backward. For equal stages without latency the makespan
/// is (m + p - 1)(F + B + W); device d holds min(p - d, m) microbatches. Latency slows its steady state, because a device waits for the
/// round trip of the microbatches it has in flight. Source: Narayanan et al., PipeDream, arXiv:1806.03377, with a flush between
/// iterations as in Fan et al., DAPPLE, arXiv:2007.01045.
/// </summary>
internal sealed class OneForwardOneBackward : IScheduleFamily
{
    public string Name => "1f1b";

    public string Placement => "linear";

    public string Description =>
        "p - 1 - d forwards, then one forward and one backward in turn. Makespan (m + p - 1)(F + B + W) for equal stages without latency; "
        + "device d holds min(p - d, m) microbatches.";

    public string Conditions => "";

    public string Source => "Fan et al., DAPPLE, arXiv:2007.01045; Narayanan et al., PipeDream, arXiv:1806.03377";

    public bool SplitsBackward => false;

    public string? BrokenCondition(Problem problem) => null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) =>
    [
        .. Enumerable.Range(0, problem.Devices)
            .Select(device => OnDevice(device, warmUp: problem.Devices - 1 - device, problem.Microbatches)),
    ];

    /// <summary>The order of a device: forwards of the warm-up, pairs of a forward and a backward, the backwards that are left.</summary>
    internal static IReadOnlyList<Operation> OnDevice(int device, int warmUp, int microbatches)
    {
        var order = new DeviceOrder(microbatches);
        for (var forward = 0; forward < warmUp; forward++) order.Forward(device);
        for (var backward = 0; backward < microbatches; backward++) order.Forward(device).Backward(device);
        return order.Operations;
    }
}
