using System.Numerics;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>
/// Looks for the least limit of a device at which a target is reached. Bounds in closed form rule limits out first; ordinary searches at limits between, each
/// half of what is left, learn from each other as kin do. A schedule that is found may hold less than its limit, and then that is the next one.
/// </summary>
internal sealed class LeastMemorySearch(
    CallersSchedules schedules, ScheduleStore store, GivenSchedules given, ScheduleCache cache, JobControl jobs, TimeProvider time)
{
    /// <summary>The part of the time that is left which one search may take.</summary>
    private const double PartOfSearch = 0.25;

    /// <summary>Seconds below which no further search begins.</summary>
    private const double LeastSeconds = 0.05;

    /// <summary>Limits that are closer together than this part of them are not told apart.</summary>
    private const decimal Resolution = 0.001m;

    /// <summary>Finds it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="unlimited">The problem with unlimited memory.</param>
    /// <param name="question">What is to be reached.</param>
    /// <param name="deadline">Until when.</param>
    public async Task<LeastMemoryAnswer> RunAsync(HttpContext context, Problem unlimited, LeastMemoryRequest question, Deadline deadline)
    {
        var run = new Run(context, unlimited, question.Options!, deadline);
        var free = await SolveAsync(run, null, question.Makespan)
            ?? throw new RequestFault(StatusCodes.Status409Conflict, "There is no schedule with unlimited memory yet; ask again, with more time.");
        var target = question.Makespan ?? free.Objective * (1 + question.Within!.Value / 100);
        if (free.LowerBound > target) throw Unreachable(free, target);
        if (free.Objective > target) return new("unreached", target, null, null, null, free, run.Tried);
        var best = free;
        var (least, step) = (LeastOf(unlimited), StepOf(unlimited));
        // What is proved to be too little, and up to where nothing was found.
        var proved = RuleOut(run, target, (least - 1, UnitsOf(unlimited, free.PeakMemory)));
        var (failed, next) = (proved, Next(proved, proved, UnitsOf(unlimited, free.PeakMemory), step));
        while (next is { } units && run.Left(time) > LeastSeconds
            && await SolveAsync(run, unlimited.MemoryScale.FromTicks(units), target) is { } tried)
        {
            run.Tried.Add(tried);
            if (tried.Objective <= target) best = tried;
            else failed = Math.Max(failed, units);
            if (tried.LowerBound > target) proved = Math.Max(proved, units);
            var enough = UnitsOf(unlimited, best.PeakMemory);
            next = enough - failed <= enough * Resolution ? null : Next(failed + (enough - failed) / 2, failed, enough, step);
        }

        // What is left of the time is for the limit next to the answer, where a search neither reached the target nor ruled it out.
        if (failed > proved && run.Left(time) > LeastSeconds
            && await SolveAsync(run, unlimited.MemoryScale.FromTicks(failed), target, isLast: true) is { } last)
        {
            run.Tried.Add(last);
            if (last.Objective <= target) best = last;
            if (last.LowerBound > target) proved = failed;
        }

        var reached = UnitsOf(unlimited, best.PeakMemory);
        var limit = unlimited.MemoryScale.FromTicks(reached);
        var found = best.Limit == limit ? best : await MoveAsync(run, best, limit, target);
        return new(
            reached - step <= proved ? ScheduleStatus.Optimal : ScheduleStatus.Feasible, target, limit,
            unlimited.MemoryScale.FromTicks(proved), found, free, run.Tried);
    }

    /// <summary>The need next to a limit that is above one at which nothing was found and below one that is enough; null when there is none.</summary>
    private static long? Next(long units, long failed, long enough, long step)
    {
        var need = units / step * step;
        if (need <= failed) need += step;
        return need < enough ? need : null;
    }

    /// <summary>The largest limit at which a bound in closed form is above the target, or at which no order fits: bounds never grow with the limit.</summary>
    private static long RuleOut(Run run, decimal target, (long TooLittle, long Enough) range)
    {
        var (tooLittle, enough) = range;
        while (enough - tooLittle > 1)
        {
            var units = tooLittle + (enough - tooLittle) / 2;
            var problem = run.At(run.Unlimited.MemoryScale.FromTicks(units));
            if (problem is null || problem.TimeScale.FromTicks(BoundCatalogue.Best(problem).Ticks) > target) tooLittle = units;
            else enough = units;
        }

        return tooLittle;
    }

    /// <summary>Has a limit searched until the target is reached, ruled out or the search's part of the time is over.</summary>
    /// <returns>Null when nothing was found in its time.</returns>
    private async Task<LimitAnswer?> SolveAsync(Run run, decimal? limit, decimal? target, bool isLast = false)
    {
        var problem = (limit is { } most ? run.At(most) : run.Unlimited)!;
        var spent = isLast && await store.ProgressAsync(problem.Id, run.Context.RequestAborted) is { } progress ? progress.Spent.Seconds : 0;
        var seconds = Math.Max(LeastSeconds, isLast ? spent + run.Left(time) : run.Left(time) * PartOfSearch);
        var options = run.Options with { TimeLimitSeconds = seconds, TargetGap = GapOf(problem, target, run.Options.TargetGap) };
        var deadline = new Deadline(time.GetTimestamp(), jobs.WaitFor(options));
        var (stored, _, _) = await schedules.SolveAsync(run.Context, "least-memory", Submission.Of(problem), options, deadline);
        return await AnswerOfAsync(stored, limit, run.Context.RequestAborted);
    }

    /// <summary>The gap to the bound in closed form at which a target is reached.</summary>
    private static double GapOf(Problem problem, decimal? target, double least)
    {
        if (target is not { } time || time <= 0) return least;
        var bound = problem.TimeScale.FromTicks(BoundCatalogue.Best(problem).Ticks);
        return Math.Max(least, (double)(Math.Max(0, time - bound) / time));
    }

    /// <summary>Stores a schedule under the limit that it needs, which is below the one that it was found at.</summary>
    private async Task<LimitAnswer> MoveAsync(Run run, LimitAnswer best, decimal limit, decimal target)
    {
        var (problem, cancellation) = (run.At(limit)!, run.Context.RequestAborted);
        if (await store.FindAsync(best.Id, cancellation) is { Result: { Order: { } order, Method: { } method } })
        {
            var solution = Solution.Verified(OrderCodec.Decode(problem, order), method, BoundCatalogue.Best(problem));
            await given.PutAsync(Submission.Of(problem), solution, default, cancellation);
        }

        return await SolveAsync(run, limit, target) is { } answer && answer.Objective <= target ? answer : best;
    }

    private async Task<LimitAnswer?> AnswerOfAsync(StoredSchedule stored, decimal? limit, CancellationToken cancellation) =>
        stored is { Incumbent: { } objective, Result: { LowerBound: { } bound, Method: { } method } }
            && await cache.FiguresOfAsync(stored, cancellation) is { } figures
                ? new LimitAnswer(limit, stored.Id, objective, bound, figures.PeakMemory, method)
                : null;

    private static InvalidProfileException Unreachable(LimitAnswer free, decimal target) => new(
    [
        new("$.makespan", FormattableString.Invariant($"Is {target}; no schedule is below {free.LowerBound}, however much memory there is."),
            ProfileErrorKind.Impossible),
    ]);

    /// <summary>The least limit at which any order fits.</summary>
    private static long LeastOf(Problem problem) => Enumerable.Range(0, problem.Placement.Pipes)
        .Min(pipe => Enumerable.Range(0, problem.Devices).Max(device => problem.LeastMemory(device, pipe)));

    /// <summary>What the needs of devices are multiples of. Where features hold more than activations, every unit counts.</summary>
    private static long StepOf(Problem problem)
    {
        if (!problem.Features.IsEmpty) return 1;
        var graph = OperationGraph.Build(problem);
        var step = BigInteger.Zero;
        foreach (var units in graph.Acquired) step = BigInteger.GreatestCommonDivisor(step, units);
        foreach (var units in graph.Released) step = BigInteger.GreatestCommonDivisor(step, units);
        return Math.Max(1, (long)step);
    }

    private static long UnitsOf(Problem problem, decimal memory) => problem.MemoryScale.ToTicksAbove(memory);

    /// <summary>One question.</summary>
    private sealed class Run(HttpContext context, Problem unlimited, SolveOptions options, Deadline deadline)
    {
        public HttpContext Context { get; } = context;

        public Problem Unlimited { get; } = unlimited;

        public SolveOptions Options { get; } = options;

        public Deadline Deadline { get; } = deadline;

        public List<LimitAnswer> Tried { get; } = [];

        public double Left(TimeProvider time) => Deadline.Left(time).TotalSeconds;

        /// <summary>The problem at a limit; null when no order fits.</summary>
        public Problem? At(decimal limit)
        {
            try
            {
                var profile = Unlimited.Profile with { Memory = Unlimited.Profile.Memory! with { Limit = limit } };
                return Problem.Create(profile, Unlimited.Objective, Unlimited.SplitBackward, ProblemLimits.None);
            }
            catch (InvalidProfileException)
            {
                return null;
            }
        }
    }
}
