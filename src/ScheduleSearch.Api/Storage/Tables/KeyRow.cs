namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>A key: of its text only a hash.</summary>
internal sealed class KeyRow
{
    /// <summary>The public part of the key.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do.</summary>
    public required string Role { get; init; }

    /// <summary>The SHA-256 of its text.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Its own quota; null for that of the settings.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Its own quota; null for that of the settings.</summary>
    public int? ConcurrentSolves { get; init; }

    /// <summary>Its own quota; null for that of the settings.</summary>
    public int? SolverSecondsPerDay { get; init; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>When it was revoked; null while it is taken.</summary>
    public DateTime? RevokedAt { get; set; }
}
