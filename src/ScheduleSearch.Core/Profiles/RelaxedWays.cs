namespace ScheduleSearch.Core.Profiles;

/// <summary>
/// The ways to close a profile on one placement of which not all are alternatives. Of each of some groups of problems, one has for every way, tried or not, a
/// schedule that is no worse than the best of that way: so no way is better than the best problem of any group.
/// </summary>
/// <param name="groups">
/// The groups, whose problems are made while they are gone through, without those that no memory is enough for: an empty one says that no way has a schedule.
/// </param>
public sealed class RelaxedWays(IEnumerable<IEnumerable<Problem>> groups)
{
    /// <summary>The groups.</summary>
    public IEnumerable<IEnumerable<Problem>> Groups { get; } = groups;
}
