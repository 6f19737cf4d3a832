namespace ScheduleSearch.Api.Storage;

/// <summary>What an attempt learns of its row when it renews the lease.</summary>
/// <param name="IsHeld">Whether the row is still its own.</param>
/// <param name="IsStopRequested">Whether somebody asked to stop the search.</param>
/// <param name="IsWaitedFor">Whether somebody waits for the result.</param>
internal readonly record struct LeaseState(bool IsHeld, bool IsStopRequested, bool IsWaitedFor);
