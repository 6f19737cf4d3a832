using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// GPipe as published: all forwards, then each microbatch's forward once more and its backward, so that a device holds m kept parts and one
/// whole activation. For equal stages without latency the makespan is (m + p - 1)(F + B + W) + mR, with R the time of recomputing:
/// only the last device's recomputing is ever waited for, since the others recompute while a gradient is on its way. Source: Huang
/// et al., GPipe, arXiv:1811.06965.
/// </summary>
internal sealed class GPipeRematerialization : IScheduleFamily
{
    private readonly GPipe _gpipe = new();

    public string Name => "gpipe-recompute";

    public string Placement => "linear";

    public string Description =>
        "GPipe that recomputes each forward before its backward. Makespan (m + p - 1)(F + B + W) + mR for equal stages without latency, with R the time "
        + "of recomputing; a device holds the kept parts of m microbatches and the whole of one.";

    public string Conditions => "profile.recompute on all stages.";

    public string Source => "Huang et al., GPipe, arXiv:1811.06965";

    public bool SplitsBackward => false;

    public string? BrokenCondition(Problem problem)
    {
        if (problem.Profile.Recompute is null) return "Recomputes forwards: give profile.recompute.";
        return Enumerable.Range(0, problem.Stages).All(problem.Recomputes)
            ? null
            : "Recomputes the forwards of all stages: leave profile.recompute.choose out.";
    }

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) => _gpipe.Order(problem);
}
