using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Jobs;

/// <summary>The attempts of a job, one after another, until the budget of what it searches is met.</summary>
internal sealed class Attempts(ScheduleStore store, ProblemAttempt problems, ChoiceAttempt choices, TimeProvider time, ILogger<Attempts> logger)
{
    /// <summary>Runs to the end, or throws when the service stops; then the row is queued and its progress is stored.</summary>
    public async Task RunAsync(Job job, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, job.Canceled);
        while (await StorageFault.OutlastAsync(() => store.BeginAsync(job.Id, stopping), time, logger, stopping) is { } stored)
        {
            var hasFinished = await stored.Match(
                problem => problems.TryFinishAsync(job, problem, either.Token, stopping),
                choice => choices.TryFinishAsync(job, choice, either.Token, stopping));
            if (hasFinished) return;
        }
    }
}
