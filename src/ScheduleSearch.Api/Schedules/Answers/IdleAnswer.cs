using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>Idle time of a device, by the phase it falls in and by cause; either way it is all of it.</summary>
/// <param name="WarmUp">Before the device's first backward starts.</param>
/// <param name="Steady">Between its first backward and the end of its last forward.</param>
/// <param name="CoolDown">After the later of the two.</param>
/// <param name="Causes">The same idle time by cause.</param>
internal readonly record struct IdleAnswer(decimal WarmUp, decimal Steady, decimal CoolDown, IdleCausesAnswer Causes)
{
    /// <summary>The idle time of each device.</summary>
    /// <param name="metrics">What the schedule costs.</param>
    /// <param name="analysis">Its causes.</param>
    /// <param name="time">The profile's unit.</param>
    public static IEnumerable<IdleAnswer> Of(ScheduleMetrics metrics, IdleAnalysis analysis, DecimalScale time) =>
        metrics.Idle.Zip(analysis.Devices, (idle, causes) => new IdleAnswer(
            time.FromTicks(idle.WarmUp), time.FromTicks(idle.Steady), time.FromTicks(idle.CoolDown), IdleCausesAnswer.Of(causes, time)));
}
