namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>A solve of a caller with quotas that has not been counted to its end.</summary>
internal sealed class ChargeRow
{
    /// <summary>The id of the key, else the address.</summary>
    public required string Caller { get; init; }

    /// <summary>The id of the problem or the choice.</summary>
    public required string ScheduleId { get; init; }

    /// <summary>When the solve was asked for.</summary>
    public required DateTime ChargedAt { get; init; }

    /// <summary>The seconds of search that were asked for.</summary>
    public required double Seconds { get; set; }

    /// <summary>The seconds of search that the schedule had cost before.</summary>
    public required double SecondsBefore { get; init; }

    /// <summary>The revision that the schedule had before; 0 when there was none.</summary>
    public required int RevisionBefore { get; init; }
}
