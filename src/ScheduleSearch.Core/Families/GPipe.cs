using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// All forwards, then all backwards, both from the first microbatch to the last. For equal stages without latency the makespan is
/// (m + p - 1)(F + B + W); a device holds up to m microbatches. Source: Huang et al., GPipe, arXiv:1811.06965, which draws the backwards
/// from the last microbatch to the first: the makespan is the same, but runtimes count microbatches.
/// </summary>
/// <param name="reversed">Whether the backwards run from the last microbatch to the first.</param>
internal sealed class GPipe(bool reversed = false) : IScheduleFamily
{
    public string Name => reversed ? "gpipe-reversed" : "gpipe";

    public string Placement => "linear";

    public string Description =>
        $"All forwards, then all backwards{(reversed ? " from the last microbatch to the first" : "")}. Makespan (m + p - 1)(F + B + W) for equal stages "
        + "without latency; a device holds up to m microbatches.";

    public string Conditions => "";

    public string Source => "Huang et al., GPipe, arXiv:1811.06965";

    public bool SplitsBackward => false;

    public string? BrokenCondition(Problem problem) => null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) =>
        [.. Enumerable.Range(0, problem.Devices).Select(device => OnDevice(device, problem.Microbatches))];

    private IReadOnlyList<Operation> OnDevice(int device, int microbatches)
    {
        var inOrder = Enumerable.Range(0, microbatches);
        var backwards = reversed ? inOrder.Reverse() : inOrder;
        return
        [
            .. inOrder.Select(microbatch => Operation.Forward(device, microbatch)),
            .. backwards.Select(microbatch => Operation.Backward(device, microbatch)),
        ];
    }
}
