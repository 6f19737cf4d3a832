using ScheduleSearch.Api.Schedules.Answers;

namespace ScheduleSearch.Api.Batches;

/// <summary>
/// A line of a batch's results: the answer of <c>GET /schedules/{id}</c> to one request. Its status is <c>waiting</c> until the request is submitted.
/// </summary>
internal sealed record BatchResult : ScheduleAnswer
{
    /// <summary>The place of the request in the batch, from 0.</summary>
    /// <example>0</example>
    public required int Index { get; init; }
}
