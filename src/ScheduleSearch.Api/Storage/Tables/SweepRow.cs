namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>A sweep: which requests the points of its axes make. The requests themselves are those of a batch of the same id.</summary>
internal sealed class SweepRow
{
    /// <summary>The id of the sweep and of its batch.</summary>
    public required Guid Id { get; init; }

    /// <summary>The axes and points as JSON.</summary>
    public required string Plan { get; init; }

    /// <summary>The key by which a request that is sent again is known, of who sent it; null for none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Who gave the key.</summary>
    public string? Caller { get; init; }

    /// <summary>A digest of the body that was sent with the key.</summary>
    public string? Digest { get; init; }

    /// <summary>Whether all is searched and the points have learned from each other.</summary>
    public bool IsDone { get; set; }
}
