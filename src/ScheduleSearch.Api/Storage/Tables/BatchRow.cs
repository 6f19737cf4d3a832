namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>Requests that were sent together.</summary>
internal sealed class BatchRow
{
    public required Guid Id { get; init; }

    /// <summary>How many requests there are.</summary>
    public required int Count { get; init; }

    /// <summary>Who sent them: a key, or an address.</summary>
    public string? Caller { get; init; }

    /// <summary>Whether somebody stopped it.</summary>
    public bool IsCanceled { get; set; }

    public required DateTime CreatedAt { get; init; }
}
