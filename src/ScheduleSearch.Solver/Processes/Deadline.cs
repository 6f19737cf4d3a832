namespace ScheduleSearch.Solver.Processes;

/// <summary>When a search in a child has to begin, to end, and to be over.</summary>
/// <remarks>
/// The search's own time begins when the child hears of it. A child that is warm only later than that may take up to half of the grace for it; the other
/// half is for its stop.
/// </remarks>
/// <param name="time">The clock.</param>
/// <param name="limit">The search's time.</param>
/// <param name="grace">The time after that at which it is over, whatever the child does.</param>
internal sealed class Deadline(TimeProvider time, TimeSpan limit, TimeSpan grace)
{
    private readonly long _begun = time.GetTimestamp();

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>The time until it is over.</summary>
    public TimeSpan Left => limit + grace - time.GetElapsedTime(_begun);

    /// <summary>The time within which the search must begin; 0 at the least.</summary>
    public TimeSpan Start() => TimeSpan.FromTicks(Math.Max(0, UntilStop.Ticks));

    /// <summary>The time of a search that begins now.</summary>
    public TimeSpan Search() => UntilStop < limit ? UntilStop : limit;

    private TimeSpan UntilStop => Left - grace / 2;
}
