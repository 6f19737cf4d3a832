using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Growth;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Solver.Bounds;

/// <summary>
/// The first device of a linear pipeline as a problem of its own: the others have become the lags of a second device whose operations
/// take no time. Its least makespan is a lower bound on the span.
/// </summary>
/// <remarks>
/// Take any schedule of the pipeline and let time begin with the first start on the first device. Its operations, with those of the second
/// device wherever the lags allow, are a schedule of this problem, as in <see cref="DeviceGroup"/>. The last operation of each microbatch is
/// one of the first device, so the makespan here is the span that the device had there. Being a makespan, it is a sum of windows too.
/// </remarks>
internal static class FirstDevice
{
    /// <summary>A profile made anew has none of the members that this does not know.</summary>
    private static readonly FeatureSet Covered = [GrowthFeature.Id];

    /// <summary>The relaxed problem, in the ticks of the whole one; null where the placement or the scale does not allow it.</summary>
    public static Problem? Of(Problem problem)
    {
        if (!Covered.Covers(problem) || problem.Devices < 2 || problem.Stages != problem.Devices || problem.Profile.Memory is null) return null;
        var (up, down) = (0L, 0L);
        for (var stage = 1; stage < problem.Stages; stage++)
        {
            up += problem.LagBetween(0, stage - 1, stage) + problem.Forward[stage];
            down += problem.LagBetween(0, stage, stage - 1) + problem.BackwardInput[stage] + (problem.SplitBackward ? 0 : problem.BackwardWeight[stage]);
        }

        var limit = problem.MemoryScale.FromTicks(problem.LimitOf(problem.Placement.DeviceOf(0, 0)));
        var profile = new Profile
        {
            Pipeline = new() { Devices = 2, Microbatches = problem.Microbatches },
            Times = new()
            {
                Forward = First(problem.TimeScale, problem.Forward[0]),
                BackwardInput = First(problem.TimeScale, problem.BackwardInput[0]),
                BackwardWeight = First(problem.TimeScale, problem.BackwardWeight[0]),
                Communication = LinkValues.Each([[0, problem.TimeScale.FromTicks(up)], [problem.TimeScale.FromTicks(down), 0]]),
            },
            Memory = new()
            {
                Activation = First(problem.MemoryScale, problem.Activation[0]),
                Retained = First(problem.MemoryScale, problem.HeldForWeight[0]),
                Limit = StageValues.Same(limit),
            },
        };
        var relaxed = Problem.Create(profile, Objective.Makespan, problem.SplitBackward, ProblemLimits.None);
        return relaxed.TimeScale.Digits <= problem.TimeScale.Digits && relaxed.MemoryScale.Digits <= problem.MemoryScale.Digits ? relaxed : null;
    }

    private static StageValues First(DecimalScale scale, long ticks) => StageValues.Each([scale.FromTicks(ticks), 0]);
}
