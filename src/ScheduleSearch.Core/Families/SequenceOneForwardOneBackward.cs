using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// 1F1B on the n slices of each microbatch: device d warms up with the forwards of p - 2 - d + n slices, so that a whole microbatch is
/// there when the first backward begins, from its last slice; then the forward of the next slice and the backward of one before. For
/// equal stages and slices without latency the makespan is (m + (p - 1)/n)(F + B + W); device d holds p - 1 - d + n slices. Those of
/// equal work (profile.slices.cut) keep the steady state without gaps under causal attention. Source: Sun et al., Seq1F1B,
/// arXiv:2406.03488.
/// </summary>
internal sealed class SequenceOneForwardOneBackward : IScheduleFamily
{
    public string Name => "seq1f1b";

    public string Placement => "linear";

    public string Description =>
        "1F1B on the n slices of each microbatch. Makespan (m + (p - 1)/n)(F + B + W) for equal stages and slices without latency; device d holds up to "
        + "p - 1 - d + n slices.";

    public string Conditions => "profile.slices with a count of 2 or more.";

    public string Source => "Sun et al., Seq1F1B, arXiv:2406.03488";

    public bool SplitsBackward => false;

    public FeatureSet Covers => FamilySchedules.CoveredSliced;

    public string? BrokenCondition(Problem problem) =>
        problem.SliceCount > 1 ? null : "Runs the slices of microbatches: give profile.slices with a count of 2 or more.";

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) =>
        [.. Enumerable.Range(0, problem.Devices).Select(device => OnDevice(problem, device))];

    private static List<Operation> OnDevice(Problem problem, int device)
    {
        var (slices, turns) = (problem.SliceCount, problem.Microbatches * problem.SliceCount);
        var warmUp = Math.Min(problem.Devices - 2 - device + slices, turns);
        Operation ForwardOf(int turn) => Operation.Forward(device, turn / slices) with { Slice = turn % slices };
        Operation BackwardOf(int turn) => Operation.Backward(device, turn / slices) with { Slice = slices - 1 - turn % slices };

        List<Operation> order = [.. Enumerable.Range(0, warmUp).Select(ForwardOf)];
        for (var turn = 0; turn < turns; turn++)
        {
            if (warmUp + turn < turns) order.Add(ForwardOf(warmUp + turn));
            order.Add(BackwardOf(turn));
        }

        return order;
    }
}
