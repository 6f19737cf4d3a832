using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Batches;

/// <summary>Submits what waits in batches as room comes, and notes what is done. Submitting twice does no harm, so that every process may do it.</summary>
internal sealed class BatchFeeder(
    BatchStore batches, BatchAccess access, ScheduleStore schedules, JobControl jobs, StorageStartup storage, IOptions<BatchSettings> settings,
    IOptions<JobSettings> roles, TimeProvider time, ILogger<BatchFeeder> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(0.5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!roles.Value.IsApi) return;
        await storage.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Poll, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                // What is known already is done at once, and makes room for the next. Who has used up a quota waits for the next time.
                var held = new HashSet<string>();
                while (await FeedAsync(held, stoppingToken))
                {
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (StorageFault.Is(exception)) logger.LogWarning("Batches wait for the database. {Reason}", StorageFault.ReasonOf(exception));
                else logger.LogError(exception, "Feeding batches failed by a defect.");
            }
        }
    }

    /// <param name="held">Callers whose requests wait for room in their quotas; grows.</param>
    /// <param name="stopping">Ends it.</param>
    /// <returns>Whether it is worth looking again at once.</returns>
    private async Task<bool> FeedAsync(HashSet<string> held, CancellationToken stopping)
    {
        var (waiting, inFlight) = await batches.UnfinishedAsync(stopping);
        if (waiting + inFlight == 0) return false;
        foreach (var item in await batches.ChangedAsync(stopping))
        {
            if (await LookAsync(item, stopping)) inFlight--;
        }

        foreach (var item in await batches.LostAsync(stopping))
        {
            await batches.EndAsync(item, ScheduleStatus.Failed, "What was found of it is no longer stored.", stopping);
            inFlight--;
        }

        var room = settings.Value.MaxInFlight - inFlight;
        if (waiting == 0 || room <= 0) return false;
        var next = await batches.WaitingAsync(room, held, stopping);
        foreach (var item in next)
        {
            if (item.Caller is { } caller && held.Contains(caller)) continue;
            if (!await TrySubmitAsync(item, held, stopping)) return false;
        }

        return next.Count > 0;
    }

    /// <returns>Whether it is done.</returns>
    private async Task<bool> LookAsync(BatchItemRow item, CancellationToken stopping)
    {
        if (await schedules.ProgressAsync(item.ScheduleId, stopping) is not { } progress) return false;
        var isDone = !progress.IsUnfinished || BatchStore.AskedOf(item).IsMetBy(progress);
        if (isDone) await batches.EndAsync(item, progress.IsUnfinished ? progress.Reached : progress.Status, null, stopping);
        else await batches.SeeAsync(item, progress.Version.Revision, stopping);
        return isDone;
    }

    /// <returns>False when there is no room for another search.</returns>
    private async Task<bool> TrySubmitAsync(WaitingItem waiting, HashSet<string> held, CancellationToken stopping)
    {
        var (item, asked, charge) = (waiting.Item, BatchStore.AskedOf(waiting.Item), BatchCharge.Free);
        try
        {
            charge = await access.ChargeAsync(waiting, asked, stopping);
            if (charge == BatchCharge.NoRoom) return held.Add(waiting.Caller!);
            if (charge == BatchCharge.KeyRevoked)
            {
                await batches.EndAsync(item, ScheduleStatus.Failed, "The key that sent the batch is revoked.", stopping);
                return true;
            }

            var submission = StoredSubmission.Read(item);
            // What is stored has passed this.
            if (submission.Asked is { Family: not null } family && await schedules.ProgressAsync(item.ScheduleId, stopping) is null)
                AskedFamily.CheckMemory(family);
            var hasCaused = await jobs.SubmitAsync(submission, asked, new Asking(waiting.Caller, IsWaitedFor: false), stopping);
            if (!await batches.SubmitAsync(item, hasCaused, CancellationToken.None) && hasCaused) await StopUnwantedAsync(item);
            return true;
        }
        catch (BusyException)
        {
            if (charge == BatchCharge.Charged) await access.TakeBackAsync(waiting, asked);
            return false;
        }
        catch (Exception exception) when (exception is InvalidProfileException or InvalidDataException)
        {
            if (charge == BatchCharge.Charged) await access.TakeBackAsync(waiting, asked);
            await batches.EndAsync(item, ScheduleStatus.Failed, exception.Message, stopping);
            return true;
        }
    }

    /// <summary>The batch was stopped while its request was being submitted, or another process has submitted it too.</summary>
    private async Task StopUnwantedAsync(BatchItemRow item)
    {
        if (await batches.FindAsync(item.BatchId, CancellationToken.None) is { IsCanceled: false }) return;
        if (!await batches.IsSharedAsync(item, CancellationToken.None)) await jobs.CancelAsync(item.ScheduleId, CancellationToken.None);
    }
}
