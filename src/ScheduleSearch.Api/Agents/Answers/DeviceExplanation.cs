using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Agents.Answers;

/// <summary>What a device's time and memory go into.</summary>
/// <param name="Device">The device, from 0.</param>
/// <param name="Busy">The time in which it computes.</param>
/// <param name="Idle">The rest, by phase and by cause.</param>
/// <param name="PeakMemory">The most activation memory that it holds at once.</param>
/// <param name="MemoryLimit">What it may hold of activations; absent when it is unlimited.</param>
internal sealed record DeviceExplanation(int Device, decimal Busy, IdleAnswer Idle, decimal PeakMemory, decimal? MemoryLimit)
{
    /// <summary>What is said of each device.</summary>
    /// <param name="solution">The schedule.</param>
    /// <param name="analysis">Why its devices are idle.</param>
    public static IReadOnlyList<DeviceExplanation> Of(Solution solution, IdleAnalysis analysis)
    {
        var (problem, metrics) = (solution.Problem, solution.Metrics);
        var (time, memory) = (problem.TimeScale, problem.MemoryScale);
        return
        [
            .. IdleAnswer.Of(metrics, analysis, time).Select((idle, device) => new DeviceExplanation(
                device,
                time.FromTicks(metrics.Busy[device]),
                idle,
                memory.FromTicks(metrics.PeakMemory[device]),
                problem.Limit.IsEmpty ? null : memory.FromTicks(problem.LimitOf(device)))),
        ];
    }
}
