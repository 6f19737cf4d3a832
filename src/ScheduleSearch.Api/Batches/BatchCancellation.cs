using ScheduleSearch.Api.Callbacks;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Batches;

/// <summary>Stops batches.</summary>
internal sealed class BatchCancellation(BatchStore batches, ScheduleStore schedules, CallbackStore callbacks, JobControl jobs)
{
    /// <summary>Cancels what waits, and stops the searches in flight that the batch caused and that nobody else asked for.</summary>
    public async Task CancelAsync(Guid id, CancellationToken cancellation)
    {
        var inFlight = await batches.CancelAsync(id, cancellation);
        await Task.WhenAll(inFlight.Select(item => StopAsync(item, cancellation)));
    }

    private async Task StopAsync(BatchItemRow item, CancellationToken cancellation)
    {
        if (await IsOursAloneAsync(item, cancellation)) await jobs.CancelAsync(item.ScheduleId, cancellation);
        var progress = await schedules.ProgressAsync(item.ScheduleId, cancellation);
        await batches.EndAsync(item, progress is { IsUnfinished: false } ? progress.Status : ScheduleStatus.Canceled, null, cancellation);
    }

    private async Task<bool> IsOursAloneAsync(BatchItemRow item, CancellationToken cancellation) =>
        item.HasCaused
        && await schedules.ProgressAsync(item.ScheduleId, cancellation) is { IsUnfinished: true } progress
        && progress.Asked == BatchStore.AskedOf(item)
        && !await batches.IsSharedAsync(item, cancellation)
        && !await callbacks.WaitsForAsync(item.ScheduleId, cancellation);
}
