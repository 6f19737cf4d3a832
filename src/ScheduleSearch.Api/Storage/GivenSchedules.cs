using Microsoft.EntityFrameworkCore;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Storage;

/// <summary>
/// Writes verified schedules that no search of their own row found: those of other servers, of problems of the same kin, and own orders. What is there is only
/// ever replaced by what is better, and a search that goes on is left alone.
/// </summary>
internal sealed class GivenSchedules(Func<SchedulesContext> open, ScheduleStore schedules, ScheduleQueue queue, RowChanges changes, TimeProvider time)
{
    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Stores the schedule of a problem.</summary>
    /// <exception cref="ContradictionException">It is better than a bound that is stored, or worse than none may be.</exception>
    /// <exception cref="InvalidDataException">What is stored of the problem cannot be trusted; asking for it mends that.</exception>
    public async Task<GivenOutcome> PutAsync(Submission submission, Solution solution, Spending spent, CancellationToken cancellation)
    {
        while (true)
        {
            if (await schedules.FindAsync(submission.Id, cancellation) is not { } stored)
            {
                if (await TryAddAsync(submission, StoredResult.Of(solution), spent, cancellation)) return GivenOutcome.Added;
            }
            else if (stored.IsUnfinished)
            {
                return GivenOutcome.Left;
            }
            else
            {
                var known = stored.ReadSolution();
                var best = BestOf(known, solution);
                if (best is null && spent.Seconds <= stored.Spent.Seconds && spent.Work <= stored.Spent.Work) return GivenOutcome.Left;
                var result = best is null ? stored.Result : StoredResult.Of(best);
                // A bound alone leaves the bytes of an order as they are: an own order's id is of them.
                if (best is not null && best.Timeline == known?.Timeline) result = result with { Order = stored.Result.Order };
                if (await TryReplaceAsync(stored, result, spent, cancellation)) return best is null ? GivenOutcome.Left : GivenOutcome.Improved;
            }
        }
    }

    /// <summary>Stores a choice whose alternatives are stored. One that is there already follows from them.</summary>
    public async Task<GivenOutcome> AddChoiceAsync(Submission submission, StoredResult result, Spending spent, CancellationToken cancellation) =>
        await TryAddAsync(submission, result, spent, cancellation) ? GivenOutcome.Added : GivenOutcome.Left;

    /// <summary>The better schedule with the higher bound; null when the stored one is as good in both.</summary>
    private static Solution? BestOf(Solution? stored, Solution given)
    {
        if (stored is null) return given;
        if (given.Objective < stored.Objective) return given.WithBound(stored.Bound);
        return given.Bound.Ticks > stored.Bound.Ticks ? stored.WithBound(given.Bound) : null;
    }

    private async Task<bool> TryAddAsync(Submission submission, StoredResult result, Spending spent, CancellationToken cancellation)
    {
        if (await schedules.ProgressAsync(submission.Id, cancellation) is not null) return false;
        var row = queue.NewRow(submission, Budget.Quick(0));
        (row.Status, row.ObjectiveTicks, row.BoundTicks, row.BoundName) = (StatusOf(result), result.ObjectiveTicks, result.BoundTicks, result.BoundName);
        (row.Gap, row.Method, row.Makespan, row.Span, row.LowerBound) = (result.Gap, result.Method, result.Makespan, result.Span, result.LowerBound);
        (row.Order, row.SpentSeconds, row.SpentWork, row.SolveSeconds) = (result.Order, spent.Seconds, spent.Work, spent.SolveSeconds);
        return await queue.AddAsync(row, cancellation);
    }

    private async Task<bool> TryReplaceAsync(StoredSchedule stored, StoredResult result, Spending spent, CancellationToken cancellation)
    {
        await using var context = open();
        var (now, status) = (Now, StatusOf(result));
        var before = stored.Spent;
        var most = new Spending(
            Math.Max(before.Seconds, spent.Seconds), Math.Max(before.Work, spent.Work), Math.Max(before.SolveSeconds, spent.SolveSeconds));
        var replaced = await context.Schedules.Where(row => row.Id == stored.Id && row.Revision == stored.Version.Revision && row.Status == stored.Status)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.Status, status)
                    .SetProperty(row => row.Failure, (string?)null)
                    .Result(result)
                    .Spent(most)
                    .Changed(now),
                cancellation) == 1;
        if (replaced) changes.Wrote(stored.Id);
        return replaced;
    }

    private static string StatusOf(StoredResult result) => result.IsOptimal ? ScheduleStatus.Optimal : ScheduleStatus.Feasible;
}
