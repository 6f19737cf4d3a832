using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>
/// Looks for the least limit of a device at which a target is reached, by a problem or by whatever a profile leaves open. Bounds in closed form rule limits out
/// first; ordinary searches at limits between, each half of what is left, learn from each other as kin do. A schedule that is found may hold less than its
/// limit, and then that is the next one. More memory never makes the best schedule slower, so what is ruled out at a limit is so at all smaller ones.
/// </summary>
internal sealed class LeastMemorySearch(
    CallersSchedules schedules, ScheduleStore store, GivenSchedules given, ScheduleCache cache, JobControl jobs, TimeProvider time)
{
    /// <summary>The part of the time that is left which one search may take, and all bounds in closed form together.</summary>
    private const double PartOfSearch = 0.25;

    /// <summary>Seconds below which no further search begins.</summary>
    private const double LeastSeconds = 0.05;

    /// <summary>Limits that are closer together than this part of them are not told apart.</summary>
    private const decimal Resolution = 0.001m;

    /// <summary>Finds it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="searches">What is searched at each limit.</param>
    /// <param name="unlimited">The same with unlimited memory.</param>
    /// <param name="question">What is to be reached.</param>
    /// <param name="deadline">Until when.</param>
    public async Task<LeastMemoryAnswer> RunAsync(
        HttpContext context, LimitedSearches searches, LimitedSearch unlimited, LeastMemoryRequest question, Deadline deadline)
    {
        var run = new Run(context, searches, unlimited, question.Options!, deadline);
        var free = await SolveAsync(run, null, unlimited, question.Makespan)
            ?? throw new RequestFault(StatusCodes.Status409Conflict, "There is no schedule with unlimited memory yet; ask again, with more time.");
        var target = question.Makespan ?? free.Objective * (1 + question.Within!.Value / 100);
        if (free.LowerBound > target) throw Unreachable(free, target);
        if (free.Objective > target) return new("unreached", target, null, null, null, free, run.Tried);
        var best = free;
        var step = unlimited.Step();
        // What is proved to be too little, and up to where nothing was found.
        var (proved, failed) = RuleOut(run, target, (unlimited.Least() - 1, run.UnitsOf(free.PeakMemory)));
        var next = Next(failed, failed, run.UnitsOf(free.PeakMemory), step);
        while (next is { } units && run.Left(time) > LeastSeconds)
        {
            var tried = await SolveAsync(run, units, target);
            if (tried is not null) run.Tried.Add(tried);
            if (tried?.Objective <= target) best = tried;
            else failed = Math.Max(failed, units);
            if (tried?.LowerBound > target) proved = Math.Max(proved, units);
            var enough = run.UnitsOf(best.PeakMemory);
            next = enough - failed <= enough * Resolution ? null : Next(failed + (enough - failed) / 2, failed, enough, step);
        }

        // What is left of the time is for the limit next to the answer, where a search neither reached the target nor ruled it out.
        if (failed > proved && run.Left(time) > LeastSeconds && await SolveAsync(run, failed, target, isLast: true) is { } last)
        {
            run.Tried.Add(last);
            if (last.Objective <= target) best = last;
            if (last.LowerBound > target) proved = failed;
        }

        var reached = run.UnitsOf(best.PeakMemory);
        var limit = run.LimitOf(reached);
        var found = best.Limit == limit ? best : await MoveAsync(run, best, limit, target);
        return new(
            reached - step <= proved ? ScheduleStatus.Optimal : ScheduleStatus.Feasible, target, limit,
            run.LimitOf(Math.Max(0, proved)), found, free, run.Tried);
    }

    /// <summary>The need next to a limit that is above one at which nothing was found and below one that is enough; null when there is none.</summary>
    private static long? Next(long units, long failed, long enough, long step)
    {
        var need = units / step * step;
        if (need <= failed) need += step;
        return need < enough ? need : null;
    }

    /// <summary>
    /// The largest limit at which bounds in closed form are above the target, or at which no order fits, and up to where nothing fits that would be searched;
    /// less where these take long.
    /// </summary>
    private (long Proved, long Failed) RuleOut(Run run, decimal target, (long TooLittle, long Enough) range)
    {
        var ((proved, enough), failed) = (range, range.TooLittle);
        var enoughTime = run.Left(time) * (1 - PartOfSearch);
        while (enough - failed > 1 && run.Left(time) > enoughTime)
        {
            var units = failed + (enough - failed) / 2;
            var search = run.At(units);
            if (search is not null && search.Bound <= target)
            {
                enough = units;
                continue;
            }

            // Where other ways may fit, nothing is proved by those that do not.
            failed = units;
            if (search is not null || run.Unlimited.IsAll) proved = units;
        }

        return (proved, failed);
    }

    /// <summary>Has a limit searched until the target is reached, ruled out or the search's part of the time is over.</summary>
    /// <returns>Null when nothing was found in its time.</returns>
    private async Task<LimitAnswer?> SolveAsync(Run run, long units, decimal target, bool isLast = false) =>
        run.At(units) is { } search ? await SolveAsync(run, run.LimitOf(units), search, target, isLast) : null;

    private async Task<LimitAnswer?> SolveAsync(Run run, decimal? limit, LimitedSearch search, decimal? target, bool isLast = false)
    {
        var (id, cancellation) = (search.Submission.Id, run.Context.RequestAborted);
        var spent = isLast && await store.ProgressAsync(id, cancellation) is { } progress ? progress.Spent.Seconds : 0;
        var seconds = Math.Max(LeastSeconds, isLast ? spent + run.Left(time) : run.Left(time) * PartOfSearch);
        var options = run.Options with { TimeLimitSeconds = seconds, TargetGap = GapOf(search, target, run.Options.TargetGap) };
        var deadline = new Deadline(time.GetTimestamp(), jobs.WaitFor(options));
        var (stored, _, _) = await schedules.SolveAsync(run.Context, "least-memory", search.Submission, options, deadline);
        return await AnswerOfAsync(run.Context, stored, limit);
    }

    /// <summary>The gap to the bound in closed form at which a target is reached.</summary>
    private static double GapOf(LimitedSearch search, decimal? target, double least) =>
        target is { } time && time > 0 ? Math.Max(least, (double)(Math.Max(0, time - search.Bound) / time)) : least;

    /// <summary>
    /// Stores a schedule under the limit that it needs, which is below the one that it was found at. Where a choice tries other ways at that limit, it is
    /// answered under the problem of its own way.
    /// </summary>
    private async Task<LimitAnswer> MoveAsync(Run run, LimitAnswer best, decimal limit, decimal target)
    {
        var cancellation = run.Context.RequestAborted;
        if (await store.FindAsync(best.Leader ?? best.Id, cancellation) is not { Result: { Order: { } order, Method: { } method } } stored) return best;
        var asked = stored.ReadSubmission().Asked!.Problem;
        var profile = asked.Profile with { Memory = asked.Profile.Memory! with { Limit = limit } };
        var problem = Problem.Create(profile, asked.Objective, asked.SplitBackward, ProblemLimits.None);
        var solution = Solution.Verified(OrderCodec.Decode(problem, order), method, BoundCatalogue.Best(problem));
        await given.PutAsync(Submission.Of(problem), solution, default, cancellation);
        foreach (var search in new[] { run.Searches.At(limit), LimitedSearch.Of(problem) }.OfType<LimitedSearch>())
        {
            if (await SolveAsync(run, limit, search, target) is { } answer && answer.Objective <= target) return answer;
        }

        return best;
    }

    private async Task<LimitAnswer?> AnswerOfAsync(HttpContext context, StoredSchedule stored, decimal? limit)
    {
        var view = await schedules.FiguresAsync(context, stored);
        if (view is not { LowerBound: { } bound, Shown: { Incumbent: { } objective, Result.Method: { } method } shown }) return null;
        if (await cache.FiguresOfAsync(shown, context.RequestAborted) is not { } figures) return null;
        return new LimitAnswer(limit, stored.Id, objective, bound, figures.PeakMemory, method)
        {
            Leader = shown.Id == stored.Id ? null : shown.Id,
            Placement = shown.ReadSubmission().Placement,
        };
    }

    private static InvalidProfileException Unreachable(LimitAnswer free, decimal target) => new(
    [
        new("$.makespan", FormattableString.Invariant($"Is {target}; no schedule is below {free.LowerBound}, however much memory there is."),
            ProfileErrorKind.Impossible),
    ]);

    /// <summary>One question.</summary>
    private sealed class Run(HttpContext context, LimitedSearches searches, LimitedSearch unlimited, SolveOptions options, Deadline deadline)
    {
        public HttpContext Context { get; } = context;

        public LimitedSearches Searches { get; } = searches;

        public LimitedSearch Unlimited { get; } = unlimited;

        public SolveOptions Options { get; } = options;

        public Deadline Deadline { get; } = deadline;

        public List<LimitAnswer> Tried { get; } = [];

        public double Left(TimeProvider time) => Deadline.Left(time).TotalSeconds;

        public decimal LimitOf(long units) => Unlimited.Scale.FromTicks(units);

        public long UnitsOf(decimal memory) => Unlimited.Scale.ToTicksAbove(memory);

        /// <summary>What is searched at a limit; null when nothing that would be searched fits.</summary>
        public LimitedSearch? At(long units) => Searches.At(LimitOf(units));
    }
}
