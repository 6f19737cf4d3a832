using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Jobs;

/// <summary>The first attempt at a problem: a quick pass, which finds a schedule in milliseconds.</summary>
internal sealed class QuickAttempt(ISolver solver, ImprovementWriter writer, AttemptEnd end, TimeProvider time, ILogger<QuickAttempt> logger)
{
    /// <summary>Carries it out; a search goes on from its schedule unless the budget is met.</summary>
    public async Task RunAsync(StoredProblem stored, Lease lease, CancellationToken stopping)
    {
        if (!stored.TryRead(stored.Read, logger, out var asked))
        {
            await end.RestartAsync(stored, stopping);
            return;
        }

        await end.OfAsync(
            stored,
            lease,
            async () =>
            {
                var start = time.GetTimestamp();
                var limits = JobBudgets.ForQuickPass(stored.Asked);
                var solution = await Task.Run(() => solver.Quick(asked, limits.Gap, () => time.GetElapsedTime(start) >= limits.Time), lease.Token);
                JobBudgets.SpendOnQuickPass(stored, time.GetElapsedTime(start).TotalSeconds);
                await writer.WriteAsync(stored, solution);
                lease.Token.ThrowIfCancellationRequested();
                return stored.Asked.IsMetBy(stored);
            },
            stopping);
    }
}
