namespace ScheduleSearch.Api.Storage;

/// <summary>A row as it was at one time.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Revision">The changes until then, of a row that points with those of the rows that it points to.</param>
internal readonly record struct RowVersion(string Id, DateTime CreatedAt, int Revision);
