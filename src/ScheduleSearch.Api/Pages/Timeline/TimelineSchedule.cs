namespace ScheduleSearch.Api.Pages.Timeline;
/// <summary>x</summary>
/// <param name="Id">i</param>
/// <param name="Label">l</param>
/// <param name="Revision">r</param>
public sealed record TimelineSchedule(string Id, string Label, string Revision);
