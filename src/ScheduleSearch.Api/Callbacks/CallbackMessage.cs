using System.Text.Json;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Callbacks;

/// <summary>What the receiver of a callback is told.</summary>
/// <param name="Id">The id of the problem or the choice.</param>
/// <param name="Status"><c>feasible</c>, <c>optimal</c>, <c>canceled</c> or <c>failed</c>.</param>
/// <param name="Url">Where the schedule is, from the root of this service.</param>
/// <param name="Reference">What the request stated.</param>
/// <param name="Makespan">Last end minus first start over all devices, in the profile's unit, as all figures.</param>
/// <param name="Span">The largest, over devices, of its own last end minus its own first start.</param>
/// <param name="LowerBound">What no schedule of this problem can be better than.</param>
/// <param name="Gap">(objective - lowerBound) / objective.</param>
/// <param name="Method">What found the schedule.</param>
/// <param name="SolveSeconds">Search time spent on the result in all.</param>
internal sealed record CallbackMessage(
    string Id, string Status, string Url, string? Reference, decimal? Makespan, decimal? Span, decimal? LowerBound, double? Gap, string? Method,
    double SolveSeconds)
{
    /// <summary>The message about what is stored.</summary>
    public static string Of(StoredSchedule stored, string? reference)
    {
        var (result, status) = (stored.Result, stored.IsUnfinished ? stored.Reached : stored.Status);
        return JsonSerializer.Serialize(
            new CallbackMessage(
                stored.Id, status, $"/schedules/{stored.Id}", reference, result.Makespan, result.Span, result.LowerBound, result.Gap, result.Method,
                Math.Round(stored.Spent.SolveSeconds, 6)),
            AnswerJson.Options);
    }
}
