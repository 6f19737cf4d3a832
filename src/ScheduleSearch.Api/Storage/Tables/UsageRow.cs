namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>What a caller with quotas has spent. Whoever changes what the caller has holds this row first, so that replicas count one after another.</summary>
internal sealed class UsageRow
{
    /// <summary>The id of the key, else the address.</summary>
    public required string Caller { get; init; }

    /// <summary>The day of UTC, as <c>2026-01-31</c>.</summary>
    public required string Day { get; set; }

    /// <summary>Seconds of search of solves that were asked for on that day and have ended.</summary>
    public double Seconds { get; set; }
}
