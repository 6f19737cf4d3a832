namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>The one row that is written to learn whether the database can be written.</summary>
internal sealed class ReadinessRow
{
    /// <summary>The id of the row.</summary>
    public const int Only = 1;

    public required int Id { get; init; }

    public required DateTime WrittenAt { get; set; }
}
