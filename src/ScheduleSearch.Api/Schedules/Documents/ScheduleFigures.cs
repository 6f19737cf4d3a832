using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Schedules.Documents;

/// <summary>What a schedule holds, and how much of its devices' time it leaves.</summary>
/// <param name="PeakMemory">The most that any device holds at once, in the profile's unit.</param>
/// <param name="MeanIdle">The idle share of all devices' time, from 0 to 1.</param>
/// <param name="BubbleRatio">The idle share of the busiest device's, from 0 to 1.</param>
internal sealed record ScheduleFigures(decimal PeakMemory, double MeanIdle, double BubbleRatio)
{
    public static ScheduleFigures Of(Solution solution) => new(
        solution.Problem.MemoryScale.FromTicks(solution.Metrics.PeakMemory.Max()), solution.Metrics.MeanIdleRatio, solution.Metrics.BubbleRatio);
}
