namespace ScheduleSearch.Api.Jobs;

/// <summary>Until when a request waits for a search.</summary>
/// <param name="Since">The timestamp that the time counts from.</param>
/// <param name="Longest">The time.</param>
internal readonly record struct Deadline(long Since, TimeSpan Longest)
{
    /// <summary>The time until it; not above zero when it is over.</summary>
    public TimeSpan Left(TimeProvider time) => Longest - time.GetElapsedTime(Since);
}
