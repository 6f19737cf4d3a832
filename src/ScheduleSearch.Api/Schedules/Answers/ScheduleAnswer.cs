using ScheduleSearch.Api.Http;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>A problem's state and, as soon as there is one, its best schedule so far.</summary>
internal record ScheduleAnswer : ScheduleResult
{
    /// <summary>The id of the problem: the same problem has the same id everywhere.</summary>
    /// <example>6235d1e53d81be86f73af26d405147748f7f7763bf6e04518c5de33b9cbed7ba</example>
    public required string Id { get; init; }

    /// <summary><c>queued</c>, <c>running</c>, <c>feasible</c>, <c>optimal</c>, <c>canceled</c> or <c>failed</c>.</summary>
    /// <example>optimal</example>
    public required string Status { get; init; }

    /// <summary>Whether this request caused no search.</summary>
    /// <example>false</example>
    public bool Cached { get; init; }

    /// <summary>By JSON path, why a member of the request looks like a number of another unit; absent when none does. Only of solve and of batches.</summary>
    public IReadOnlyDictionary<string, string[]>? Warnings { get; init; }

    /// <summary>What the runtime of <c>options.runtime</c> takes to run the schedule; absent when the request names none. Only of solve.</summary>
    public LaunchAnswer? Launch { get; init; }

    /// <summary>Why the search failed.</summary>
    public HttpProblem? Problem { get; init; }

    /// <summary>The id by which its profile is had with nothing left open.</summary>
    internal string ProfileId => Leader ?? Id;
}
