using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Estimates.Plans;
using ScheduleSearch.Core.Estimates.Requests;

namespace ScheduleSearch.Api.Plans;

/// <summary>
/// Estimates the plans of a request, and has the best ones searched, one after the other: ordinary searches, each for its part of the time, which answer at
/// once when they are asked for again. What their schedules come to decides.
/// </summary>
internal sealed class PlanSearch(CallersSchedules schedules, ScheduleCache cache, JobControl jobs, IOptions<LimitSettings> limits, TimeProvider time)
{
    /// <summary>What a search has at least, in seconds: a first schedule takes no more.</summary>
    private const double LeastSeconds = 0.05;

    private const double MillisecondsOfSecond = 1000;

    /// <summary>The plans, those that were searched first.</summary>
    /// <param name="context">The request.</param>
    /// <param name="request">What is planned.</param>
    /// <param name="deadline">Until when.</param>
    public async Task<PlanAnswer> RunAsync(HttpContext context, PlanRequest request, Deadline deadline)
    {
        var plans = new Planner(request, limits.Value.OfProblems()).Plans(context.RequestAborted);
        var count = plans.Take(request.Search).Count(plan => plan.Pipeline is not null);
        var searched = new List<PlanRowAnswer>(count);
        foreach (var plan in plans.Take(count))
        {
            var seconds = Math.Max(LeastSeconds, deadline.Left(time).TotalSeconds / (count - searched.Count));
            searched.Add(await SearchAsync(context, request, plan, plan.Pipeline!, seconds));
        }

        return new(
            "estimate",
            request.Cluster.Nodes * request.Cluster.DevicesPerNode,
            searched.Count(row => row.IterationTime is not null),
            [.. searched.OrderBy(row => row.IterationTime ?? double.PositiveInfinity), .. plans.Skip(count).Select(plan => PlanRowAnswer.Of(request, plan))],
            [.. PlanNotes.Of(request)]);
    }

    private async Task<PlanRowAnswer> SearchAsync(HttpContext context, PlanRequest request, Plan plan, PlannedPipeline pipeline, double seconds)
    {
        var options = request.Options with { TimeLimitSeconds = seconds };
        var deadline = new Deadline(time.GetTimestamp(), jobs.WaitFor(options));
        var submission = pipeline.Choice is { } choice ? Submission.Of(choice) : Submission.Of(pipeline.Problem);
        var (stored, _, _) = await schedules.SolveAsync(context, "plan", submission, options, deadline);
        var view = await schedules.FiguresAsync(context, stored);
        var row = PlanRowAnswer.Of(request, plan) with { Id = stored.Id, Status = view.Status };
        if (view.Shown is not { } shown || await cache.SolutionOfAsync(shown, context.RequestAborted) is not { } solution) return row;
        var iteration = pipeline.IterationOf(solution.Timeline);
        return row with
        {
            Leader = shown.Id == stored.Id ? null : shown.Id,
            Split = pipeline.SplitOf(shown.Id) ?? row.Split,
            Method = solution.Method,
            LowerBound = view.LowerBound,
            Makespan = iteration.Makespan,
            DataParallelTime = iteration.Sums,
            IterationTime = iteration.Total,
            TokensPerSecond = request.GlobalBatch * request.Base.Sequence * MillisecondsOfSecond / iteration.Total,
            PeakMemory = iteration.PeakMemory,
        };
    }
}
