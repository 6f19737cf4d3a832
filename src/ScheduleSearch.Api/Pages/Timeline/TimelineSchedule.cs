namespace ScheduleSearch.Api.Pages.Timeline;

/// <summary>A schedule whose timeline is shown.</summary>
/// <param name="Id">The id of the schedule.</param>
/// <param name="Label">What the reader knows it by.</param>
/// <param name="Revision">The revision to show; null for the present one.</param>
public sealed record TimelineSchedule(string Id, string Label, string? Revision = null)
{
    internal string Path => $"/schedules/{Id}/timeline.json{(Revision is null ? "" : $"?revision={Revision}")}";
}
