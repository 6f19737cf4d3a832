using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Jobs;

/// <summary>One attempt at a stored problem: a quick pass when there is no schedule yet, then the improving search until the budget is met.</summary>
internal sealed class ProblemAttempt(
    ScheduleStore store, ISolver solver, SolverConcurrency concurrency, ImprovementWriter writer, JobBudgets budgets, TimeProvider time,
    ILogger<ProblemAttempt> logger)
{
    /// <summary>A child that dies is asked again for what is left of the budget; a problem that kills every one of them does not go on for ever.</summary>
    private const int MostDeaths = 3;

    /// <returns>False when there is more to do: the budget was raised meanwhile, or the problem is queued anew.</returns>
    public async Task<bool> TryFinishAsync(Job job, StoredProblem stored, CancellationToken either, CancellationToken stopping)
    {
        if (!stored.TryRead(() => Read(stored), logger, out var read)) return !await OutlastAsync(() => store.RestartAsync(stored, stopping), stopping);
        try
        {
            var solution = read.Solution ?? await QuickAsync(job, stored, read.Asked, either);
            for (var deaths = 0; deaths < MostDeaths && !stored.Asked.IsMetBy(stored);)
            {
                (solution, var isWhole) = await concurrency.SearchAsync(() => SearchAsync(job, stored, read.Asked, solution, either, stopping), either);
                if (!isWhole) deaths++;
            }
        }
        catch (OperationCanceledException) when (job.Canceled.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            return await LeaveAsync(job, stored, stored.Result.ObjectiveTicks is null ? ScheduleStatus.Canceled : stored.Reached, null, stopping);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !StorageFault.Is(exception))
        {
            logger.LogError(exception, "The search of {Id} failed.", job.Id);
            return await LeaveAsync(job, stored, ScheduleStatus.Failed, "The solver failed on this problem; the server's log says how.", stopping);
        }

        return await LeaveAsync(job, stored, stored.Reached, null, stopping);
    }

    private static (AskedSchedule Asked, Solution? Solution) Read(StoredProblem stored)
    {
        var asked = stored.Read();
        return (asked, stored.ReadSolution(asked.Problem));
    }

    private Task<Solution> QuickAsync(Job job, StoredProblem stored, AskedSchedule asked, CancellationToken either) => concurrency.QuickAsync(
        async () =>
        {
            var start = time.GetTimestamp();
            var solution = await Task.Run(() => solver.Quick(asked), either);
            JobBudgets.SpendOnQuickPass(stored, time.GetElapsedTime(start).TotalSeconds);
            await writer.WriteAsync(job, stored, solution);
            return solution;
        },
        either);

    private async Task<Searched> SearchAsync(
        Job job, StoredProblem stored, AskedSchedule asked, Solution known, CancellationToken either, CancellationToken stopping)
    {
        await LeaveAsync(job, stored, ScheduleStatus.Running, null, stopping);
        var (start, options) = (time.GetTimestamp(), budgets.Next(stored, asked.Problem));
        Searched searched;
        await using (var stream = writer.Open(job, stored, asked.Problem))
            searched = await Task.Run(() => solver.SearchAsync(asked, options, known, stream.Offer, either), CancellationToken.None);
        var elapsed = time.GetElapsedTime(start).TotalSeconds;
        await writer.WriteAsync(job, stored, searched.Best);
        JobBudgets.Spend(stored, options, elapsed, toTheEnd: searched.IsWhole && !either.IsCancellationRequested);
        await OutlastAsync(() => store.SpendAsync(stored, CancellationToken.None), CancellationToken.None);
        if (either.IsCancellationRequested)
        {
            if (stopping.IsCancellationRequested) await LeaveAsync(job, stored, ScheduleStatus.Queued, null, CancellationToken.None);
            either.ThrowIfCancellationRequested();
        }

        return searched;
    }

    private async Task<bool> LeaveAsync(Job job, StoredProblem stored, string status, string? failure, CancellationToken cancellation)
    {
        var left = await OutlastAsync(() => store.LeaveAsync(stored, status, failure, cancellation), cancellation);
        job.Announce();
        return left;
    }

    private Task<T> OutlastAsync<T>(Func<Task<T>> action, CancellationToken cancellation) =>
        StorageFault.OutlastAsync(action, time, logger, cancellation);
}
