namespace ScheduleSearch.Api.Pages.Timeline;

/// <summary>A schedule whose timeline is shown.</summary>
/// <param name="Path">Where its columns are: at the service, or at a URL of the reader's own tab.</param>
/// <param name="Label">What the reader knows it by.</param>
public sealed record TimelineSchedule(string Path, string Label)
{
    /// <summary>One that is stored.</summary>
    /// <param name="id">The id of the schedule.</param>
    /// <param name="label">What the reader knows it by.</param>
    /// <param name="revision">The revision to show.</param>
    public static TimelineSchedule Stored(string id, string label, string revision) => new($"/schedules/{id}/timeline.json?revision={revision}", label);
}
