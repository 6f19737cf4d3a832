namespace ScheduleSearch.Core.Schedules;

/// <summary>
/// Idle ticks of a device by cause. Together they are the ticks of its <see cref="IdleTime"/>, which tells them apart by phase alone. What a device has
/// less to do than the busiest is idle time in any order, and is taken from the other causes in this turn: input, communication, memory, cool-down, warm-up.
/// </summary>
/// <param name="WarmUp">Before its first backward starts, for another cause than memory.</param>
/// <param name="CoolDown">After its last forward and its first backward, for another cause than memory.</param>
/// <param name="Input">Between the two, while other devices compute what the next operation takes, or what that takes in turn.</param>
/// <param name="Communication">Between the two, while what the next operation takes, or what that takes in turn, is on its way.</param>
/// <param name="Memory">In any phase, while operations are ready and its memory has room for none of them.</param>
/// <param name="LessWork">What the busiest device has more to do.</param>
public readonly record struct IdleCauses(long WarmUp, long CoolDown, long Input, long Communication, long Memory, long LessWork)
{
    /// <summary>All of them.</summary>
    public long Total => WarmUp + CoolDown + Input + Communication + Memory + LessWork;

    /// <summary>The sums of both by cause.</summary>
    public static IdleCauses operator +(IdleCauses one, IdleCauses other) => new(
        one.WarmUp + other.WarmUp,
        one.CoolDown + other.CoolDown,
        one.Input + other.Input,
        one.Communication + other.Communication,
        one.Memory + other.Memory,
        one.LessWork + other.LessWork);

    /// <summary>Idle ticks that no order avoids, taken from the other causes in their turn.</summary>
    /// <param name="ticks">How many; at most <see cref="Total"/>.</param>
    internal IdleCauses LessWorkOf(long ticks)
    {
        var left = ticks;
        var (input, communication, memory) = (Rest(Input), Rest(Communication), Rest(Memory));
        var coolDown = Rest(CoolDown);
        return new(Rest(WarmUp), coolDown, input, communication, memory, LessWork + ticks);

        long Rest(long of)
        {
            var taken = Math.Min(of, left);
            left -= taken;
            return of - taken;
        }
    }
}
