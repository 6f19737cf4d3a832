namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>A request of a batch.</summary>
internal sealed class BatchItemRow
{
    public required Guid BatchId { get; init; }

    /// <summary>Its place in the batch, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The id of the problem or the choice that it asks for.</summary>
    public required string ScheduleId { get; init; }

    /// <summary>What it asks for, as rows of schedules hold it; null once it was submitted.</summary>
    public string? Request { get; set; }

    public required double AskedSeconds { get; init; }

    public required long AskedWork { get; init; }

    public required double AskedGap { get; init; }

    public required int Seed { get; init; }

    public string? CallbackUrl { get; init; }

    public string? CallbackReference { get; init; }

    /// <summary>How far it is.</summary>
    public required string Status { get; set; }

    /// <summary>Whether its submission caused a search.</summary>
    public bool HasCaused { get; set; }

    /// <summary>Why it failed before it was submitted.</summary>
    public string? Failure { get; set; }

    /// <summary>The last revision of the schedule at which the search had not ended yet.</summary>
    public int SeenRevision { get; set; }
}
