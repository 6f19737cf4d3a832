namespace ScheduleSearch.Core.Profiles;

/// <summary>The work that one microbatch is: ticks of all that is carried out for it, one thing after the other, nothing saved by pairs.</summary>
public static class MicrobatchWork
{
    /// <summary>Ticks on a stage.</summary>
    public static long WorkOnStage(this Problem problem, int stage) =>
        problem.Forward[stage] + problem.BackwardInput[stage] + problem.BackwardWeight[stage]
        + (problem.Recomputes(stage) ? problem.RecomputeTime[stage] : 0);

    /// <summary>Ticks on a device, where as many microbatches run down each pipe as stated.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="device">The device.</param>
    /// <param name="microbatches">Microbatches of each pipe.</param>
    public static long WorkOnDevice(this Problem problem, int device, ReadOnlySpan<int> microbatches)
    {
        var work = 0L;
        foreach (var stage in problem.Placement.StagesOn(device)) work += microbatches[stage.Pipe] * problem.WorkOnStage(stage.Stage);
        return work;
    }
}
