using Microsoft.EntityFrameworkCore;
using ScheduleSearch.Api.Diagnostics;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Schedules;

/// <summary>A page of what is stored, newest first.</summary>
/// <param name="Items">The schedules of this page.</param>
/// <param name="Page">The page, from 1.</param>
/// <param name="PageSize">Most schedules of a page.</param>
/// <param name="Total">All schedules that pass the filter.</param>
internal sealed record SchedulePage(IReadOnlyList<ScheduleSummary> Items, int Page, int PageSize, int Total);

/// <summary>A stored schedule in brief, in its profile's own units.</summary>
/// <param name="Id">The id of the problem.</param>
/// <param name="Name">The name of the profile that was submitted first.</param>
/// <param name="Status">The state of its search.</param>
/// <param name="Devices">p: its devices.</param>
/// <param name="Chunks">v: its chunks of each device.</param>
/// <param name="Placement">Its placement.</param>
/// <param name="Microbatches">m: its microbatches.</param>
/// <param name="Objective">What it is judged by.</param>
/// <param name="Makespan">Its makespan.</param>
/// <param name="Span">Its span.</param>
/// <param name="LowerBound">Its proved lower bound.</param>
/// <param name="Gap">(objective - lowerBound) / objective.</param>
/// <param name="Method">What found it.</param>
/// <param name="SolveSeconds">Search time spent on it in all.</param>
/// <param name="CreatedAt">When the problem was submitted first.</param>
/// <param name="UpdatedAt">When the result or the state changed last.</param>
internal sealed record ScheduleSummary(
    string Id, string? Name, string Status, int Devices, int Chunks, string Placement, int Microbatches, string Objective, decimal? Makespan,
    decimal? Span, decimal? LowerBound, double? Gap, string? Method, double SolveSeconds, DateTime CreatedAt, DateTime UpdatedAt);

internal static class ScheduleList
{
    private const int DefaultPageSize = 20;

    /// <summary>Reads a page from the table.</summary>
    /// <exception cref="RequestFault">A parameter is wrong.</exception>
    public static async Task<SchedulePage> ReadAsync(SchedulesContext context, ScheduleFilter filter, int mostOnPage, CancellationToken cancellation)
    {
        var page = filter.PageFrom1();
        var pageSize = filter.PageSizeUpTo(mostOnPage) ?? Math.Min(DefaultPageSize, mostOnPage);
        var rows = filter.Of(context.Schedules.AsNoTracking());
        var total = await rows.CountAsync(cancellation);
        var skip = (long)(page - 1) * pageSize;
        if (skip >= total) return new SchedulePage([], page, pageSize, total);
        var items = await rows.OrderByDescending(row => row.CreatedAt).ThenBy(row => row.Id).Skip((int)skip).Take(pageSize)
            .Select(row => new ScheduleSummary(
                row.Id, row.Name, row.Status, row.Devices, row.Chunks, row.Placement, row.Microbatches, row.Objective, row.Makespan,
                row.Span, row.LowerBound, row.Gap, row.Method, row.SolveSeconds, row.CreatedAt, row.UpdatedAt))
            .ToListAsync(cancellation);
        return new SchedulePage(items, page, pageSize, total);
    }
}
