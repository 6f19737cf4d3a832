namespace ScheduleSearch.Core.Profiles;

/// <summary>One way to place a model: a placement of the catalogue and a number of chunks.</summary>
/// <param name="Placement">The name of the placement.</param>
/// <param name="Chunks">Chunks of each device.</param>
/// <param name="Problem">The problem on that placement, ordinary in all respects; null when it cannot be had.</param>
/// <param name="Reason">Why it cannot be had; null when it can.</param>
public sealed record PlacementAlternative(string Placement, int Chunks, Problem? Problem, string? Reason);
