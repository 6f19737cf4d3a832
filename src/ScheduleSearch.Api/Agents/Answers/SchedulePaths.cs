namespace ScheduleSearch.Api.Agents.Answers;

/// <summary>Paths of this service with what is too long for a tool's answer.</summary>
/// <param name="Schedule">All operations with their times, as JSON.</param>
/// <param name="Instructions">The instruction streams of all ranks.</param>
/// <param name="Picture">A picture, as SVG.</param>
/// <param name="Trace">A trace, for ui.perfetto.dev.</param>
internal sealed record SchedulePaths(string Schedule, string Instructions, string Picture, string Trace)
{
    /// <summary>The paths of a schedule.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="revision">Its name.</param>
    public static SchedulePaths Of(string id, string revision) => new(
        $"/schedules/{id}",
        $"/schedules/{id}/instructions?revision={revision}",
        $"/schedules/{id}/timeline.svg?revision={revision}",
        $"/schedules/{id}/trace.json?revision={revision}");
}
