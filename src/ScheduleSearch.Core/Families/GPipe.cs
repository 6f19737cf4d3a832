using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// All forwards, then all backwards, both from the first microbatch to the last. For equal stages without latency the makespan is
/// (m + p - 1)(F + B + W); a device holds up to m microbatches. Source: Huang et al., GPipe, arXiv:1811.06965, which draws the backwards
/// from the last microbatch to the first: the makespan is the same.
/// </summary>
internal sealed class GPipe : IScheduleFamily
{
    public string Name => "gpipe";

    public string Placement => "linear";

    public string Description =>
        "All forwards, then all backwards. Makespan (m + p - 1)(F + B + W) for equal stages without latency; a device holds up to m microbatches.";

    public string Conditions => "";

    public string Source => "Huang et al., GPipe, arXiv:1811.06965";

    public bool SplitsBackward => false;

    public string? BrokenCondition(Problem problem) => null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) =>
        [.. Enumerable.Range(0, problem.Devices).Select(device => OnDevice(device, problem.Microbatches))];

    private static IReadOnlyList<Operation> OnDevice(int device, int microbatches)
    {
        var order = new DeviceOrder(microbatches);
        for (var microbatch = 0; microbatch < microbatches; microbatch++) order.Forward(device);
        for (var microbatch = 0; microbatch < microbatches; microbatch++) order.Backward(device);
        return order.Operations;
    }
}
