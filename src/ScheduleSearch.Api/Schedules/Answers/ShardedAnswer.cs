using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>
/// What the output layer that stands whole on the last stage would gain in shards, in the unit of the profile's times: the best of the published schedules,
/// which a search may better.
/// </summary>
/// <param name="Parallel" example="one-barrier">The value of <c>vocabulary.parallel</c> that asks for it.</param>
/// <param name="Id">The id of that problem; its schedule is there once it has been asked for.</param>
/// <param name="Method" example="vocab-1f1b">The family of the schedule.</param>
/// <param name="Makespan" example="155">Its last end minus first start over all devices.</param>
/// <param name="Span" example="155">Its largest device span.</param>
/// <param name="LowerBound" example="131">What no schedule in shards can be better than: proved, never a guess.</param>
/// <param name="Gain" example="0.21">The share of the answered schedule's objective that it saves; below 0 where it takes longer.</param>
internal sealed record ShardedAnswer(
    string Parallel, string Id, string Method, decimal Makespan, decimal Span, decimal LowerBound, double Gain)
{
    /// <summary>What is answered beside a schedule; null where no output layer stands whole, or none can be had in shards.</summary>
    /// <param name="problem">The problem that is answered.</param>
    /// <param name="objective">The objective of the schedule that is answered, in ticks.</param>
    public static ShardedAnswer? Of(Problem problem, long objective)
    {
        if (ShardedSchedule.Of(problem) is not { } sharded) return null;
        var (time, own) = (sharded.Problem.TimeScale, problem.TimeScale.FromTicks(objective));
        return new ShardedAnswer(
            ShardedSchedule.Word,
            sharded.Problem.Id,
            sharded.Family,
            time.FromTicks(sharded.Metrics.Makespan),
            time.FromTicks(sharded.Metrics.Span),
            time.FromTicks(BoundCatalogue.Best(sharded.Problem).Ticks),
            (double)((own - time.FromTicks(sharded.Metrics.Objective)) / own));
    }
}
