namespace ScheduleSearch.Api.Jobs;

/// <summary>How long a request waits for a search.</summary>
/// <param name="Since">The timestamp that the time counts from.</param>
/// <param name="Longest">The time.</param>
internal readonly record struct Patience(long Since, TimeSpan Longest)
{
    /// <summary>
    /// The timestamp of a request's arrival. Each of many that arrive at once is looked at before the first of them is worked at: what one waits for the
    /// others is no extra.
    /// </summary>
    public static async Task<long> ArrivalAsync(TimeProvider time)
    {
        var arrival = time.GetTimestamp();
        await Task.Factory.StartNew(static () => { }, CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default);
        return arrival;
    }

    /// <summary>What is left of the time; not above zero when it is over.</summary>
    public TimeSpan Left(TimeProvider time) => Longest - time.GetElapsedTime(Since);
}
