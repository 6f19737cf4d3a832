using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Callbacks;

/// <summary>Makes the messages about searches that have ended. Only schedules that verify are told of.</summary>
internal sealed class CallbackOutcomes(CallbackStore callbacks, ScheduleStore schedules, JobControl jobs, ILogger<CallbackOutcomes> logger)
{
    /// <summary>Looks at every schedule that has changed and that a message waits for.</summary>
    public async Task MakeAsync(CancellationToken cancellation)
    {
        foreach (var row in await callbacks.ChangedAsync(cancellation)) await MakeAsync(row, cancellation);
    }

    private async Task MakeAsync(CallbackRow row, CancellationToken cancellation)
    {
        if (await schedules.ProgressAsync(row.ScheduleId, cancellation) is not { } progress) return;
        if (progress.IsUnfinished && !new Budget(row.AskedSeconds, row.AskedWork, row.AskedGap, 0).IsMetBy(progress))
        {
            await callbacks.SeeAsync(row.Id, progress.Version.Revision, cancellation);
            return;
        }

        if (await schedules.FindAsync(row.ScheduleId, cancellation) is not { } stored) return;
        if (stored.TryRead(stored.ReadSolution, logger, out _))
            await callbacks.MakeAsync(row.Id, CallbackMessage.Of(stored, row.Reference), cancellation);
        else
            await jobs.RestartAsync(stored, CancellationToken.None);
    }
}
