using ScheduleSearch.Api.Schedules.Answers;

namespace ScheduleSearch.Api.Agents.Answers;

/// <summary>What the tool solve answers: a schedule without its operations.</summary>
internal sealed record SolvedAnswer : ScheduleAnswer
{
    /// <summary>What to do while the search goes on; absent when it has ended.</summary>
    public string? Next { get; init; }

    /// <summary>Where the operations are; absent while there is no schedule.</summary>
    public SchedulePaths? Links { get; init; }
}
