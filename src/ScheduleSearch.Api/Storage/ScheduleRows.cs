using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Storage;

/// <summary>The rows that questions and writes of searches are about.</summary>
internal static class ScheduleRows
{
    /// <summary>Rows whose search has not ended.</summary>
    public static IQueryable<ScheduleRow> Unfinished(this IQueryable<ScheduleRow> rows) =>
        rows.Where(row => row.Status == ScheduleStatus.Queued || row.Status == ScheduleStatus.Running);

    /// <summary>Unfinished rows that no living process searches.</summary>
    public static IQueryable<ScheduleRow> Waiting(this IQueryable<ScheduleRow> rows, DateTime now) =>
        rows.Unfinished().Where(row => row.LeaseUntil == null || row.LeaseUntil <= now);

    /// <summary>Rows that wait in a lane.</summary>
    public static IQueryable<ScheduleRow> In(this IQueryable<ScheduleRow> rows, Lane lane) => lane switch
    {
        Lane.Choice => rows.Where(row => row.Placement == PlacementChoice.Name),
        Lane.Quick => rows.Where(row => row.Placement != PlacementChoice.Name && row.ObjectiveTicks == null),
        _ => rows.Where(row => row.Placement != PlacementChoice.Name && row.ObjectiveTicks != null),
    };

    /// <summary>The row of an attempt, while no later one has taken it.</summary>
    public static IQueryable<ScheduleRow> OwnedBy(this IQueryable<ScheduleRow> rows, StoredSchedule owned) =>
        rows.Where(row => row.Id == owned.Id && row.CreatedAt == owned.Version.CreatedAt && row.Attempt == owned.Attempt);

    /// <summary>Rows whose budget is still the one that was read.</summary>
    public static IQueryable<ScheduleRow> Asked(this IQueryable<ScheduleRow> rows, Budget asked) =>
        rows.Where(row => row.AskedSeconds == asked.Seconds && row.AskedWork == asked.Work && row.AskedGap == asked.Gap);
}
