using System.Text.Json;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>What the search reached in one of the ways that a request leaves open, such as the placements that <c>best</c> tries, in its own units.</summary>
/// <param name="Placement" example="v">The placement.</param>
/// <param name="Chunks" example="2">Its chunks of each device; where they are fewer than the request's, consecutive stages are one.</param>
/// <param name="Id">The id of the problem on this placement, an ordinary one; absent when it cannot be had.</param>
/// <param name="Status" example="feasible">The state of its search; absent before that and when it cannot be had.</param>
/// <param name="Objective" example="makespan">What it is judged by.</param>
/// <param name="Makespan" example="27">Last end minus first start over all devices.</param>
/// <param name="Span" example="27">The largest device span.</param>
/// <param name="LowerBound" example="27">What no schedule on this placement can be better than.</param>
/// <param name="Gap" example="0">(objective - lowerBound) / objective, of its own schedule and bound.</param>
/// <param name="Method" example="zb-v">The family or search method that found its schedule.</param>
/// <param name="Stopped" example="ruled out by its bound">Why its search went no further: <c>optimal</c>; <c>ruled out by its bound</c>, since nothing of it
/// is better than what leads; <c>target gap</c>, since that of the choice is good enough; <c>time</c> or <c>work</c>, which is spent; <c>stopped</c> by
/// somebody; <c>failed</c>. Absent while it goes on or may still go on, and where it cannot be had.</param>
/// <param name="BubbleRatio" example="0.111">1 - (busy time of the busiest device) / objective.</param>
/// <param name="MeanIdle" example="0.111">1 - (busy time of all devices) / (devices x objective): the idle share of all device time.</param>
/// <param name="PeakMemory">The most activation memory that each device holds at once.</param>
/// <param name="WeightMemory">The memory of the weights on each device, where the profile states it.</param>
/// <param name="Reason">Why it cannot be had, or was not tried.</param>
/// <param name="LeftOut">Costs of its schedules that none of these figures counts; absent when there are none.</param>
/// <param name="With">
/// How it closes what the profile leaves open beside the placement: values by the member of the profile, to put there as they are; absent when that is nothing.
/// </param>
internal sealed record AlternativeAnswer(
    string Placement, int Chunks, string? Id = null, string? Status = null, string? Objective = null, decimal? Makespan = null, decimal? Span = null,
    decimal? LowerBound = null, double? Gap = null, string? Method = null, string? Stopped = null, double? BubbleRatio = null, double? MeanIdle = null,
    IEnumerable<decimal>? PeakMemory = null, IEnumerable<decimal>? WeightMemory = null, string? Reason = null, IReadOnlyList<string>? LeftOut = null,
    IReadOnlyDictionary<string, JsonElement>? With = null)
{
    /// <summary>What is answered of an alternative.</summary>
    /// <param name="standing">Where it stands.</param>
    /// <param name="leader">The alternative that leads.</param>
    /// <param name="stopped">Why its search went no further; null for nothing.</param>
    /// <param name="metrics">What its schedule costs; null when there is none.</param>
    public static AlternativeAnswer Of(AlternativeStanding standing, AlternativeStanding leader, string? stopped, ScheduleMetrics? metrics)
    {
        var answer = new AlternativeAnswer(standing.Alternative.Placement, standing.Alternative.Chunks) { With = WithOf(standing.Alternative) };
        if (standing.Problem is not { } problem) return answer with { Reason = standing.Alternative.Reason };
        answer = answer with
        {
            Id = problem.Id,
            Status = standing.Stored?.Status,
            Objective = ProfileJson.NameOf(problem.Objective),
            LowerBound = standing.LowerBound,
            Stopped = stopped,
            WeightMemory = ScheduleResult.WeightsOf(problem),
            LeftOut = ScheduleResult.LeftOutOf(problem),
        };
        if (metrics is null) return standing.Stored is null ? answer with { Reason = WhyNotTried(standing, leader) } : answer;
        return answer with
        {
            Makespan = problem.TimeScale.FromTicks(metrics.Makespan),
            Span = problem.TimeScale.FromTicks(metrics.Span),
            Gap = standing.Gap,
            Method = standing.Stored!.Result.Method,
            BubbleRatio = metrics.BubbleRatio,
            MeanIdle = metrics.MeanIdleRatio,
            PeakMemory = metrics.PeakMemory.Select(problem.MemoryScale.FromTicks),
        };
    }

    /// <summary>The values that close an alternative; null when there are none.</summary>
    internal static IReadOnlyDictionary<string, JsonElement>? WithOf(PlacementAlternative alternative) => alternative.With.Count == 0 ? null : alternative.With;

    private static string WhyNotTried(AlternativeStanding standing, AlternativeStanding leader) => standing.LowerBound >= leader.Objective
        ? "Not tried: no schedule of this alternative is better than the one that leads."
        : "Not tried yet: alternatives of lower bounds come first. A longer time limit or a smaller target gap goes on with it.";
}
