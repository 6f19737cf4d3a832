namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>A schedule that somebody was told of and that may have been replaced by a better one since, for a while.</summary>
internal sealed class KeptScheduleRow
{
    /// <summary>The id that was asked for: of a problem, or of a choice.</summary>
    public required string Id { get; init; }

    /// <summary>What names the schedule.</summary>
    public required string Revision { get; init; }

    /// <summary>The problem that it solves.</summary>
    public required string ProblemId { get; init; }

    /// <summary>The changes of the problem's row until then.</summary>
    public required int RowRevision { get; init; }

    /// <summary>When the problem's row was made.</summary>
    public required DateTime RowCreatedAt { get; init; }

    public required long ObjectiveTicks { get; init; }

    public required string Method { get; init; }

    /// <summary>The order of each device in few bytes.</summary>
    public required byte[] Order { get; init; }

    public required DateTime KeptUntil { get; set; }
}
