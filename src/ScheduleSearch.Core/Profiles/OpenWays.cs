namespace ScheduleSearch.Core.Profiles;

/// <summary>The ways to close what a profile leaves open.</summary>
/// <param name="Tried">Those that are alternatives, each other than the others; at least one.</param>
public sealed record OpenWays(IReadOnlyList<ClosedWay> Tried)
{
    /// <summary>
    /// What is proved of all ways where some are not tried: groups of profiles, of each of which one has for every way a schedule that is no worse than the
    /// best of that way, made while they are gone through. Null where no way is better than the best of those that are tried.
    /// </summary>
    public IEnumerable<IEnumerable<Profile>>? Relaxed { get; init; }
}
