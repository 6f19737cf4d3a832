using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>
/// The work of the busiest device: it carries out one operation at a time, all between its first start and its last end, so neither
/// its span nor the makespan can be shorter. Holds for every problem.
/// </summary>
internal sealed class WorkBound : ILowerBound
{
    public string Name => "work";

    public long? Ticks(Problem problem) => Enumerable.Range(0, problem.Devices).Max(device => WorkOf(problem, device));

    /// <summary>Ticks of all operations of a device. A microbatch of a two-pipe placement runs in one of the pipes, so the lighter one counts.</summary>
    private static long WorkOf(Problem problem, int device) =>
        problem.Microbatches * Enumerable.Range(0, problem.Placement.Pipes).Min(pipe => problem.Placement.StagesOn(device)
            .Where(stage => stage.Pipe == pipe)
            .Sum(stage => WorkOf(problem, device, stage.Stage)));

    private static long WorkOf(Problem problem, int device, int stage) =>
        problem.Forward[stage] + problem.BackwardInput[stage] + problem.BackwardWeight[stage]
        + (problem.Recomputes(stage) ? problem.RecomputeTime[stage] : 0)
        - (problem.HasOverlap ? problem.Placement.StagesOn(device).Max(other => problem.OverlapGain(stage, other.Stage)) : 0);
}
