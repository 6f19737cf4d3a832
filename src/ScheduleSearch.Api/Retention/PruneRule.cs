using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Retention;

/// <summary>What is deleted.</summary>
/// <param name="OlderThan">Only what has not changed for so long.</param>
/// <param name="Statuses">Only schedules in one of these states, none of which is one of a search that goes on.</param>
/// <param name="KeepOptimal">Whether optimal schedules stay, which can never be searched any better.</param>
internal sealed record PruneRule(TimeSpan OlderThan, IReadOnlyList<string> Statuses, bool KeepOptimal)
{
    /// <summary>The states in which a search has ended.</summary>
    public static IReadOnlyList<string> Ended { get; } =
        [.. ScheduleStatus.All.Except([ScheduleStatus.Queued, ScheduleStatus.Running])];

    /// <summary>The states of what is deleted.</summary>
    public IReadOnlyList<string> Deleted { get; } = [.. Statuses.Where(status => !KeepOptimal || status != ScheduleStatus.Optimal)];
}
