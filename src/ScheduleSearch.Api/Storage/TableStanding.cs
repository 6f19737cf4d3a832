namespace ScheduleSearch.Api.Storage;

/// <summary>How the table stands as a whole.</summary>
/// <param name="Rows">The number of rows in each state; a state without rows is left out.</param>
/// <param name="OldestQueued">Since when, in UTC, the longest-waiting queued row waits; null when none does.</param>
internal sealed record TableStanding(IReadOnlyDictionary<string, long> Rows, DateTime? OldestQueued);
