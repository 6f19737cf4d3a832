using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Api.Agents.Answers;

/// <summary>Idle time of a device, by what it waits for.</summary>
/// <param name="Input">Until another device has computed the output that its next operation takes.</param>
/// <param name="Gradient">Until another device has computed the gradient that its next operation takes.</param>
/// <param name="Communication">While what its next operation takes is on its way.</param>
/// <param name="Finished">After its last operation, for nothing.</param>
internal readonly record struct WaitAnswer(decimal Input, decimal Gradient, decimal Communication, decimal Finished)
{
    /// <summary>The same in a profile's unit.</summary>
    public static WaitAnswer Of(WaitingTime waits, DecimalScale time) =>
        new(time.FromTicks(waits.Input), time.FromTicks(waits.Gradient), time.FromTicks(waits.Communication), time.FromTicks(waits.Finished));
}
