namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>A page of what is stored, newest first.</summary>
/// <param name="Items">The schedules of this page.</param>
/// <param name="Page">The page, from 1.</param>
/// <param name="PageSize">Most schedules of a page.</param>
/// <param name="Total">All schedules that pass the filter.</param>
internal sealed record SchedulePage(IReadOnlyList<ScheduleSummary> Items, int Page, int PageSize, int Total);
