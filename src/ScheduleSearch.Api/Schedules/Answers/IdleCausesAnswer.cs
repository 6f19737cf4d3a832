using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>Idle time of a device by cause: together all of it.</summary>
/// <param name="WarmUp">Before its first backward starts, for another cause than memory.</param>
/// <param name="CoolDown">After its last forward and its first backward, for another cause than memory.</param>
/// <param name="Input">Between the two, while other devices compute what its next operation takes, or what that takes in turn.</param>
/// <param name="Communication">Between the two, while what its next operation takes, or what that takes in turn, is on its way.</param>
/// <param name="Memory">In any phase, while operations are ready and its memory has room for none of them.</param>
/// <param name="LessWork">What the busiest device has more to do, which no order avoids; taken from the others, in the turn input, communication, memory,
/// coolDown, warmUp.</param>
internal readonly record struct IdleCausesAnswer(
    decimal WarmUp, decimal CoolDown, decimal Input, decimal Communication, decimal Memory, decimal LessWork)
{
    /// <summary>The same in a profile's unit.</summary>
    public static IdleCausesAnswer Of(IdleCauses causes, DecimalScale time) => new(
        time.FromTicks(causes.WarmUp),
        time.FromTicks(causes.CoolDown),
        time.FromTicks(causes.Input),
        time.FromTicks(causes.Communication),
        time.FromTicks(causes.Memory),
        time.FromTicks(causes.LessWork));
}
