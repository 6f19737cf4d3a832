using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Jobs;

/// <summary>One attempt at one row: a quick pass when nothing is stored, then the improving search until the row's budget is met.</summary>
internal sealed class SearchRun(
    SearchJob job, ScheduleStore store, ISolver solver, SearchLanes lanes, ImprovementWriter writer, SearchBudgets budgets, ChoiceRun choices,
    TimeProvider time, ILogger<SearchRun> logger)
{
    /// <summary>Runs to the end, or throws when the service stops; then the row is queued and its progress is stored.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, job.Canceled);
        while (await OutlastAsync(() => store.BeginAsync(job.Id, stopping), stopping) is { } row)
        {
            if (row.IsChoice)
            {
                if (await choices.TryFinishAsync(job, row, either.Token, stopping)) return;
            }
            else if (TryRead(row) is not var (problem, stored))
            {
                if (!await OutlastAsync(() => store.RestartAsync(row, stopping), stopping)) return;
            }
            else if (await TryFinishAsync(row, problem, stored, either.Token, stopping))
            {
                return;
            }
        }
    }

    private (Problem Problem, Solution? Solution)? TryRead(ScheduleRow row)
    {
        try
        {
            var problem = StoredProblem.Read(row);
            return (problem, StoredProblem.ReadSolution(row, problem));
        }
        catch (InvalidDataException exception)
        {
            logger.LogError(exception, "The row of {Id} cannot be trusted; its search starts anew.", job.Id);
            return null;
        }
    }

    /// <returns>False when the budget was raised meanwhile, so that there is more to do.</returns>
    private async Task<bool> TryFinishAsync(
        ScheduleRow row, Problem problem, Solution? stored, CancellationToken either, CancellationToken stopping)
    {
        try
        {
            var solution = stored ?? await QuickAsync(row, problem, either);
            while (!Budget.Of(row).IsMetBy(row)) solution = await lanes.SearchAsync(() => SearchAsync(row, solution, either, stopping), either);
        }
        catch (OperationCanceledException) when (job.Canceled.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            return await LeaveAsync(row, row.ObjectiveTicks is null ? ScheduleStatus.Canceled : row.Reached, null, stopping);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !StorageFault.Is(exception))
        {
            logger.LogError(exception, "The search of {Id} failed.", job.Id);
            return await LeaveAsync(row, ScheduleStatus.Failed, "The solver failed on this problem; the server's log says how.", stopping);
        }

        return await LeaveAsync(row, row.Reached, null, stopping);
    }

    private Task<Solution> QuickAsync(ScheduleRow row, Problem problem, CancellationToken either) => lanes.QuickAsync(
        async () =>
        {
            var start = time.GetTimestamp();
            var solution = await Task.Run(() => solver.Quick(problem), either);
            SearchBudgets.SpendOnQuickPass(row, time.GetElapsedTime(start).TotalSeconds);
            await writer.WriteAsync(job, row, solution);
            return solution;
        },
        either);

    private async Task<Solution> SearchAsync(ScheduleRow row, Solution known, CancellationToken either, CancellationToken stopping)
    {
        await LeaveAsync(row, ScheduleStatus.Running, null, stopping);
        var (start, options) = (time.GetTimestamp(), budgets.Next(row, known.Problem));
        Solution best;
        await using (var stream = writer.Open(job, row, known.Problem))
            best = await Task.Run(() => solver.SearchAsync(known.Problem, options, known, stream.Offer, either), CancellationToken.None);
        var elapsed = time.GetElapsedTime(start).TotalSeconds;
        await writer.WriteAsync(job, row, best);
        SearchBudgets.Spend(row, options, elapsed, toTheEnd: !either.IsCancellationRequested);
        await OutlastAsync(() => store.SpendAsync(row, CancellationToken.None), CancellationToken.None);
        if (either.IsCancellationRequested)
        {
            if (stopping.IsCancellationRequested) await LeaveAsync(row, ScheduleStatus.Queued, null, CancellationToken.None);
            either.ThrowIfCancellationRequested();
        }

        return best;
    }

    private async Task<bool> LeaveAsync(ScheduleRow row, string status, string? failure, CancellationToken cancellation)
    {
        var left = await OutlastAsync(() => store.LeaveAsync(row, status, failure, cancellation), cancellation);
        job.Announce();
        return left;
    }

    private Task<T> OutlastAsync<T>(Func<Task<T>> action, CancellationToken cancellation) =>
        StorageFault.OutlastAsync(action, time, logger, cancellation);
}
