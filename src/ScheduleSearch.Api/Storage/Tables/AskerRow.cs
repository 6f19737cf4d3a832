namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>That a key asked for a schedule, and what it calls the profile.</summary>
internal sealed class AskerRow
{
    /// <summary>The id of the key.</summary>
    public required string KeyId { get; init; }

    /// <summary>The id of the problem or the choice.</summary>
    public required string ScheduleId { get; init; }

    /// <summary>The name that the key's profile had last.</summary>
    public string? Name { get; set; }
}
