using System.Collections.Immutable;
using System.Text.Json;

namespace ScheduleSearch.Core.Profiles;

/// <summary>One way to close what a profile leaves open: a placement of the catalogue, a number of chunks, and a value for each other member.</summary>
/// <param name="Placement">The name of the placement.</param>
/// <param name="Chunks">Chunks of each device.</param>
/// <param name="Problem">The problem on that placement, ordinary in all respects; null when it cannot be had.</param>
/// <param name="Reason">Why it cannot be had; null when it can.</param>
public sealed record PlacementAlternative(string Placement, int Chunks, Problem? Problem, string? Reason)
{
    /// <summary>The values that close other members of the profile, by the member within it; empty when the placement alone is open.</summary>
    public IReadOnlyDictionary<string, JsonElement> With { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;

    /// <summary>What is proved of it and of the ways beside it that are no alternatives; null where all ways are.</summary>
    public RelaxedWays? Relaxed { get; init; }
}
