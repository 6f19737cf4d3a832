using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Jobs;

/// <summary>An attempt to improve a problem's schedule, until the budget is met or another search's turn comes.</summary>
internal sealed class SearchAttempt(
    ISolver solver, ImprovementWriter writer, JobBudgets budgets, KinSchedules kin, NearSchedules near, AttemptEnd end, TimeProvider time,
    ILogger<SearchAttempt> logger)
{
    /// <summary>A child that dies is asked again for what is left of the budget; a problem that kills every one of them does not go on for ever.</summary>
    private const int MostDeaths = 3;

    /// <summary>Carries it out.</summary>
    public async Task RunAsync(StoredProblem stored, Lease lease, CancellationToken stopping)
    {
        if (!stored.TryRead(() => Read(stored), logger, out var read))
        {
            await end.RestartAsync(stored, stopping);
            return;
        }

        await end.OfAsync(
            stored,
            lease,
            async () =>
            {
                await end.LeaveAsync(stored, ScheduleStatus.Running, null, lease.Token);
                var solution = await StartAsync(stored, read.Asked, read.Solution, lease);
                for (var deaths = 0; deaths < MostDeaths && !stored.Asked.IsMetBy(stored);)
                {
                    (solution, var isWhole) = await SearchAsync(stored, lease, read.Asked, solution);
                    if (!isWhole) deaths++;
                }

                return true;
            },
            stopping);
    }

    private static (AskedSchedule Asked, Solution Solution) Read(StoredProblem stored)
    {
        var asked = stored.Read();
        return (asked, stored.ReadSolution(asked.Problem) ?? throw new InvalidDataException("The row misses a part of its result."));
    }

    /// <summary>
    /// What the search goes on from: what is stored, what kin of the problem know, or what an order of a near one comes to. What was given without a search has
    /// not had its quick pass yet. Where work is asked for, the outcome does not depend on what else is stored.
    /// </summary>
    private async Task<Solution> StartAsync(StoredProblem stored, AskedSchedule asked, Solution known, Lease lease)
    {
        if (asked.Family is not null || stored.Asked.Work > 0) return known;
        var first = stored.Spent == default ? BetterOf(known, await QuickAsync(stored, asked, lease)) : known;
        var best = await StorageFault.OutlastAsync(() => LearnAsync(asked.Problem, first, stored.Caller, lease.Token), time, logger, lease.Token);
        if (best != known) await writer.WriteAsync(stored, best);
        return best;
    }

    private async Task<Solution> LearnAsync(Problem problem, Solution known, string? caller, CancellationToken cancellation)
    {
        var best = (await kin.BestAsync(problem, known, cancellation))!;
        return await near.BestAsync(problem, best, caller, cancellation);
    }

    private async Task<Solution> QuickAsync(StoredProblem stored, AskedSchedule asked, Lease lease)
    {
        var (start, limits) = (time.GetTimestamp(), JobBudgets.ForQuickPass(stored.Asked));
        var quick = await Task.Run(() => solver.Quick(asked, limits.Gap, () => time.GetElapsedTime(start) >= limits.Time), lease.Token);
        JobBudgets.SpendOnQuickPass(stored, time.GetElapsedTime(start).TotalSeconds);
        return quick;
    }

    private static Solution BetterOf(Solution known, Solution quick) => quick.Objective < known.Objective ? quick.WithBound(known.Bound) : known;

    private async Task<Searched> SearchAsync(StoredProblem stored, Lease lease, AskedSchedule asked, Solution known)
    {
        var (start, options) = (time.GetTimestamp(), budgets.Next(stored, asked.Problem));
        Searched searched;
        await using (var stream = writer.Open(stored, asked.Problem))
        {
            Task<Searched> Search() => Task.Run(() => solver.SearchAsync(asked, options, known, stream.Offer, lease.Token), CancellationToken.None);
            // A budget of work has to be spent at once, so that the same budget always gives the same answer.
            searched = options.WorkLimit is null ? await lease.SearchAsync(Search) : await Search();
        }

        var elapsed = time.GetElapsedTime(start).TotalSeconds;
        await writer.WriteAsync(stored, searched.Best);
        JobBudgets.Spend(stored, options, elapsed, toTheEnd: searched.IsWhole && !lease.Token.IsCancellationRequested);
        lease.Token.ThrowIfCancellationRequested();
        return searched;
    }
}
