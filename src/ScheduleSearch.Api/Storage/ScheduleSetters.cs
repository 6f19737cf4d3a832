using Microsoft.EntityFrameworkCore.Query;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Storage;

/// <summary>Columns of rows that are written together.</summary>
internal static class ScheduleSetters
{
    /// <summary>A change that answers show.</summary>
    public static UpdateSettersBuilder<ScheduleRow> Changed(this UpdateSettersBuilder<ScheduleRow> set, DateTime now) => set
        .SetProperty(row => row.Revision, row => row.Revision + 1)
        .SetProperty(row => row.UpdatedAt, now);

    /// <summary>Nobody searches the row.</summary>
    public static UpdateSettersBuilder<ScheduleRow> Freed(this UpdateSettersBuilder<ScheduleRow> set) => set
        .SetProperty(row => row.LeaseOwner, (string?)null)
        .SetProperty(row => row.LeaseUntil, (DateTime?)null);

    /// <summary>The budget that a search is asked for.</summary>
    public static UpdateSettersBuilder<ScheduleRow> Asked(this UpdateSettersBuilder<ScheduleRow> set, Budget asked) => set
        .SetProperty(row => row.AskedSeconds, asked.Seconds)
        .SetProperty(row => row.AskedWork, asked.Work)
        .SetProperty(row => row.AskedGap, asked.Gap);

    /// <summary>What has been spent.</summary>
    public static UpdateSettersBuilder<ScheduleRow> Spent(this UpdateSettersBuilder<ScheduleRow> set, Spending spent) => set
        .SetProperty(row => row.SpentSeconds, spent.Seconds)
        .SetProperty(row => row.SpentWork, spent.Work)
        .SetProperty(row => row.SolveSeconds, spent.SolveSeconds);

    /// <summary>The best schedule so far.</summary>
    public static UpdateSettersBuilder<ScheduleRow> Result(this UpdateSettersBuilder<ScheduleRow> set, StoredResult result) => set
        .SetProperty(row => row.ObjectiveTicks, result.ObjectiveTicks)
        .SetProperty(row => row.BoundTicks, result.BoundTicks)
        .SetProperty(row => row.BoundName, result.BoundName)
        .SetProperty(row => row.Gap, result.Gap)
        .SetProperty(row => row.Method, result.Method)
        .SetProperty(row => row.Makespan, result.Makespan)
        .SetProperty(row => row.Span, result.Span)
        .SetProperty(row => row.LowerBound, result.LowerBound)
        .SetProperty(row => row.Order, result.Order);
}
