namespace ScheduleSearch.Api.Storage;

/// <summary>Tells of rows that have changed, whoever changed them.</summary>
internal sealed class RowChanges
{
    /// <summary>Called with the id of a row that has changed; with null when any may have.</summary>
    public event Action<string?>? Changed;

    /// <summary>Whether the database tells of every change, this process's own included.</summary>
    public bool IsToldByDatabase { get; set; }

    /// <summary>A change that this process has written.</summary>
    public void Wrote(string id)
    {
        if (!IsToldByDatabase) Tell(id);
    }

    /// <summary>A change that somebody has written.</summary>
    public void Tell(string? id) => Changed?.Invoke(id);
}
