namespace ScheduleSearch.Core.Estimates.Plans;

/// <summary>What a schedule of a planned pipeline comes to on all pipelines.</summary>
/// <param name="Makespan">Milliseconds until the last pipeline has carried out its operations.</param>
/// <param name="Sums">Milliseconds that the sums of gradients add: each rank's begin when its own last operation ends.</param>
/// <param name="PeakMemory">GiB that the fullest device holds, weights, gradients and optimizer among them.</param>
public sealed record PlannedIteration(double Makespan, double Sums, double PeakMemory)
{
    /// <summary>Milliseconds of the iteration.</summary>
    public double Total => Makespan + Sums;
}
