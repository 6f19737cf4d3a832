using System.Globalization;
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
    private static readonly string[] Parameters = ["page", "pageSize", "devices", "chunks", "placement", "microbatches", "objective", "status"];

    /// <summary>Reads the filter from the query and the page from the table.</summary>
    /// <exception cref="RequestFault">A parameter is wrong or unknown.</exception>
    public static async Task<SchedulePage> ReadAsync(SchedulesContext context, IQueryCollection query, int mostOnPage, CancellationToken cancellation)
    {
        if (query.Keys.FirstOrDefault(key => !Parameters.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw RequestFault.BadParameter(unknown, $"Is not a parameter here; the parameters are {string.Join(", ", Parameters)}.");
        var page = Whole(query, "page", int.MaxValue) ?? 1;
        var pageSize = Whole(query, "pageSize", mostOnPage) ?? Math.Min(DefaultPageSize, mostOnPage);
        var rows = Filtered(context.Schedules.AsNoTracking(), query);
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

    private static IQueryable<ScheduleRow> Filtered(IQueryable<ScheduleRow> rows, IQueryCollection query)
    {
        if (Whole(query, "devices", int.MaxValue) is { } devices) rows = rows.Where(row => row.Devices == devices);
        if (Whole(query, "chunks", int.MaxValue) is { } chunks) rows = rows.Where(row => row.Chunks == chunks);
        if (Whole(query, "microbatches", int.MaxValue) is { } microbatches) rows = rows.Where(row => row.Microbatches == microbatches);
        if (OneOf(query, "placement", [.. Core.Placements.PlacementCatalogue.All.Select(placement => placement.Name)]) is { } placement)
            rows = rows.Where(row => row.Placement == placement);
        if (OneOf(query, "objective", ["makespan", "span"]) is { } objective) rows = rows.Where(row => row.Objective == objective);
        if (OneOf(query, "status", ScheduleStatus.All) is { } status) rows = rows.Where(row => row.Status == status);
        return rows;
    }

    private static int? Whole(IQueryCollection query, string name, int most)
    {
        if (!query.TryGetValue(name, out var values)) return null;
        return int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw RequestFault.BadParameter(name, $"Must be a whole number from 1 to {most}.");
    }

    private static string? OneOf(IQueryCollection query, string name, IReadOnlyList<string> names)
    {
        if (!query.TryGetValue(name, out var values)) return null;
        return names.Contains(values.ToString()) ? values.ToString() : throw RequestFault.BadParameter(name, $"Must be one of {string.Join(", ", names)}.");
    }
}
