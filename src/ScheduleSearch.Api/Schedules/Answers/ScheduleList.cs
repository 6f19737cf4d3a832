using Microsoft.EntityFrameworkCore;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Schedules.Answers;

internal static class ScheduleList
{
    private const int DefaultPageSize = 20;

    /// <summary>Reads a page from the table.</summary>
    /// <exception cref="RequestFault">A parameter is wrong.</exception>
    public static async Task<SchedulePage> ReadAsync(
        SchedulesContext context, ScheduleFilter filter, int mostOnPage, ScheduleReader reader, CancellationToken cancellation)
    {
        var keyId = reader.KeyId;
        var page = filter.PageFrom1();
        var pageSize = filter.PageSizeUpTo(mostOnPage) ?? Math.Min(DefaultPageSize, mostOnPage);
        var rows = filter.Of(context.Schedules.AsNoTracking().Where(row => !row.IsPart));
        if (reader.IsConfined) rows = rows.Where(row => context.Askers.Any(asker => asker.KeyId == keyId && asker.ScheduleId == row.Id));
        if (filter.Name is { Length: > 0 } part) rows = Called(rows, NamePattern.Of(part));
        var total = await rows.CountAsync(cancellation);
        var skip = (long)(page - 1) * pageSize;
        if (skip >= total) return new SchedulePage([], page, pageSize, total);
        var items = await rows.OrderByDescending(row => row.CreatedAt).ThenBy(row => row.Id).Skip((int)skip).Take(pageSize)
            .Select(row => new ScheduleSummary(
                row.Id,
                keyId == null
                    ? row.Name
                    : context.Askers.Where(asker => asker.KeyId == keyId && asker.ScheduleId == row.Id).Select(asker => asker.Name).FirstOrDefault(),
                row.Status, row.Devices, row.Chunks, row.Placement, row.Microbatches, row.Objective, row.Makespan,
                row.Span, row.LowerBound, row.Gap, row.Method, row.SolveSeconds, row.CreatedAt, row.UpdatedAt))
            .ToListAsync(cancellation);
        return new SchedulePage(items, page, pageSize, total);

        IQueryable<ScheduleRow> Called(IQueryable<ScheduleRow> all, NamePattern part) => keyId is null
            ? all.Where(row =>
                EF.Functions.Like(row.Name!, part.Given, NamePattern.Escape) || EF.Functions.Like(row.Name!.ToLower(), part.Lower, NamePattern.Escape))
            : all.Where(row => context.Askers.Any(asker =>
                asker.KeyId == keyId && asker.ScheduleId == row.Id
                && (EF.Functions.Like(asker.Name!, part.Given, NamePattern.Escape)
                    || EF.Functions.Like(asker.Name!.ToLower(), part.Lower, NamePattern.Escape))));
    }
}
