namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>A message that somebody is to be sent when a search ends. The row is there until the message has arrived or is given up.</summary>
internal sealed class CallbackRow
{
    /// <summary>The id of the message, the same at every attempt.</summary>
    public required Guid Id { get; init; }

    /// <summary>The id of the problem or the choice that is searched.</summary>
    public required string ScheduleId { get; init; }

    public required string Url { get; init; }

    /// <summary>Host and port of the URL.</summary>
    public required string Host { get; init; }

    /// <summary>What the receiver is told along with the result.</summary>
    public string? Reference { get; init; }

    public required double AskedSeconds { get; init; }

    public required long AskedWork { get; init; }

    public required double AskedGap { get; init; }

    /// <summary>The last revision of the schedule at which the search had not ended yet.</summary>
    public int SeenRevision { get; set; }

    /// <summary>The message, as JSON; null until the search has ended.</summary>
    public string? Body { get; set; }

    /// <summary>When the message was made; null until then.</summary>
    public DateTime? EndedAt { get; set; }

    /// <summary>How often it was sent. An attempt counts as soon as it begins.</summary>
    public int Attempts { get; set; }

    /// <summary>When it is to be sent next.</summary>
    public required DateTime DueAt { get; set; }

    public required DateTime CreatedAt { get; init; }
}
