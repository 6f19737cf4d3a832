using System.Collections.Immutable;

namespace ScheduleSearch.Core.Profiles;

/// <summary>One way to close what a profile leaves open: a placement of the catalogue, a number of chunks, and a word for each other member.</summary>
/// <param name="Placement">The name of the placement.</param>
/// <param name="Chunks">Chunks of each device.</param>
/// <param name="Problem">The problem on that placement, ordinary in all respects; null when it cannot be had.</param>
/// <param name="Reason">Why it cannot be had; null when it can.</param>
public sealed record PlacementAlternative(string Placement, int Chunks, Problem? Problem, string? Reason)
{
    /// <summary>The words that close other members of the profile, by the member within it; empty when the placement alone is open.</summary>
    public IReadOnlyDictionary<string, string> Words { get; init; } = ImmutableDictionary<string, string>.Empty;
}
