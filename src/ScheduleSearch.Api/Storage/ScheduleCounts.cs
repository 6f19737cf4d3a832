using Microsoft.EntityFrameworkCore;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Storage;

/// <summary>Counts rows by the index of states, without reading them.</summary>
internal sealed class ScheduleCounts(Func<SchedulesContext> open)
{
    /// <summary>How the table stands.</summary>
    public async Task<TableStanding> ReadAsync(CancellationToken cancellation)
    {
        await using var context = open();
        var rows = await context.Schedules.GroupBy(row => row.Status).Select(state => new { state.Key, Count = state.LongCount() })
            .ToDictionaryAsync(state => state.Key, state => state.Count, cancellation);
        var queued = context.Schedules.Where(row => row.Status == ScheduleStatus.Queued).OrderBy(row => row.UpdatedAt);
        return new TableStanding(rows, await queued.Select(row => (DateTime?)row.UpdatedAt).FirstOrDefaultAsync(cancellation));
    }
}
