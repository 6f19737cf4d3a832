namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>When a request arrived, which its deadline counts from.</summary>
internal static class Arrival
{
    /// <summary>
    /// The timestamp of now. Each of many requests that arrive at once is looked at before the first of them is worked at: what one waits for the others is
    /// no extra.
    /// </summary>
    public static async Task<long> NoteAsync(TimeProvider time)
    {
        var arrival = time.GetTimestamp();
        await Task.Factory.StartNew(static () => { }, CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default);
        return arrival;
    }
}
