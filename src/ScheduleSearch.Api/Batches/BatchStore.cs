using Microsoft.EntityFrameworkCore;
using ScheduleSearch.Api.Callbacks;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Batches;

/// <summary>Reads and writes batches. A request moves on from the state that it was read in or not at all, so that processes may share the work.</summary>
internal sealed class BatchStore(Func<SchedulesContext> open, CallbackStore callbacks, TimeProvider time)
{
    /// <summary>Adds a batch, all of it or nothing.</summary>
    /// <param name="requests">Its requests.</param>
    /// <param name="caller">Who sent it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="beside">Makes a row of another table that is added with it; none when null.</param>
    public async Task<BatchRow> AddAsync(
        IReadOnlyList<SubmittedRequest> requests, string caller, CancellationToken cancellation, Func<BatchRow, object>? beside = null)
    {
        await using var context = open();
        var batch = new BatchRow { Id = Guid.NewGuid(), Count = requests.Count, Caller = caller, CreatedAt = time.GetUtcNow().UtcDateTime };
        context.Add(batch);
        if (beside is not null) context.Add(beside(batch));
        context.AddRange(requests.Select((request, index) => ItemOf(batch.Id, index, request)));
        await context.SaveChangesAsync(cancellation);
        return batch;
    }

    /// <summary>A batch; null when there is none of this id.</summary>
    public async Task<BatchRow?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using var context = open();
        return await context.Batches.AsNoTracking().SingleOrDefaultAsync(batch => batch.Id == id, cancellation);
    }

    /// <summary>The requests of a batch in order, without what they ask for.</summary>
    public async Task<List<BatchItemRow>> ItemsAsync(Guid id, CancellationToken cancellation)
    {
        await using var context = open();
        return await Light(context.BatchItems.Where(item => item.BatchId == id).OrderBy(item => item.Index)).ToListAsync(cancellation);
    }

    /// <summary>The requests of a batch by state, those that are submitted by the state of their schedule.</summary>
    public async Task<Dictionary<string, int>> CountsAsync(Guid id, CancellationToken cancellation)
    {
        await using var context = open();
        var counts = await context.BatchItems.Where(item => item.BatchId == id).GroupBy(item => item.Status)
            .Select(group => new { Status = group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Status, group => group.Count, cancellation);
        if (!counts.Remove(BatchStatus.Submitted, out var submitted)) return counts;
        var running = await context.BatchItems.Where(item => item.BatchId == id && item.Status == BatchStatus.Submitted)
            .Join(context.Schedules, item => item.ScheduleId, schedule => schedule.Id, (item, schedule) => schedule.Status)
            .CountAsync(status => status == ScheduleStatus.Running, cancellation);
        if (running > 0) counts[ScheduleStatus.Running] = running;
        if (submitted > running) counts[ScheduleStatus.Queued] = submitted - running;
        return counts;
    }

    /// <summary>How many requests of all batches have not been submitted, and how many are in flight.</summary>
    public async Task<(int Waiting, int InFlight)> UnfinishedAsync(CancellationToken cancellation)
    {
        await using var context = open();
        return (
            await context.BatchItems.CountAsync(item => item.Status == BatchStatus.Waiting, cancellation),
            await context.BatchItems.CountAsync(item => item.Status == BatchStatus.Submitted, cancellation));
    }

    /// <summary>Requests that wait, the first of each batch before the second of any.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="held">Callers whose requests are left out.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<List<WaitingItem>> WaitingAsync(int most, IReadOnlyCollection<string> held, CancellationToken cancellation)
    {
        await using var context = open();
        var waiting =
            from item in context.BatchItems.AsNoTracking()
            where item.Status == BatchStatus.Waiting
            join batch in context.Batches on item.BatchId equals batch.Id
            where batch.Caller == null || !held.Contains(batch.Caller)
            orderby item.Index, item.BatchId
            select new { item, batch.Caller };
        return [.. (await waiting.Take(most).ToListAsync(cancellation)).Select(row => new WaitingItem(row.item, row.Caller))];
    }

    /// <summary>Requests in flight whose schedule has changed since they were looked at.</summary>
    public async Task<List<BatchItemRow>> ChangedAsync(CancellationToken cancellation)
    {
        await using var context = open();
        return await Light(context.BatchItems.Where(item => item.Status == BatchStatus.Submitted)
            .Where(item => context.Schedules.Any(schedule => schedule.Id == item.ScheduleId && schedule.Revision != item.SeenRevision)))
            .ToListAsync(cancellation);
    }

    /// <summary>Requests in flight whose schedule is not there, such as those of a table that was restored.</summary>
    public async Task<List<BatchItemRow>> LostAsync(CancellationToken cancellation)
    {
        await using var context = open();
        return await Light(context.BatchItems.Where(item => item.Status == BatchStatus.Submitted)
            .Where(item => !context.Schedules.Any(schedule => schedule.Id == item.ScheduleId))).ToListAsync(cancellation);
    }

    /// <summary>Stores that a request was submitted, along with the message that it asks for.</summary>
    /// <returns>False when it no longer waited.</returns>
    public async Task<bool> SubmitAsync(BatchItemRow item, bool hasCaused, CancellationToken cancellation)
    {
        await using var context = open();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        var isOurs = await Of(context, item).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Status, BatchStatus.Submitted).SetProperty(row => row.HasCaused, hasCaused), cancellation) == 1;
        if (isOurs && item.CallbackUrl is { } url)
        {
            context.Add(callbacks.RowOf(item.ScheduleId, new CallbackRequest(url, item.CallbackReference), AskedOf(item)));
            await context.SaveChangesAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return isOurs;
    }

    /// <summary>Stores the state that a request has come to, and why it failed if it did.</summary>
    public async Task EndAsync(BatchItemRow item, string status, string? failure, CancellationToken cancellation)
    {
        await using var context = open();
        await Of(context, item).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Status, status).SetProperty(row => row.Failure, failure).SetProperty(row => row.Request, (string?)null),
            cancellation);
    }

    /// <summary>Stores that the search for a request had not ended at a revision.</summary>
    public async Task SeeAsync(BatchItemRow item, int revision, CancellationToken cancellation)
    {
        await using var context = open();
        await Of(context, item).ExecuteUpdateAsync(set => set.SetProperty(row => row.SeenRevision, revision), cancellation);
    }

    /// <summary>Stops a batch: what waits is canceled.</summary>
    /// <returns>Those in flight.</returns>
    public async Task<List<BatchItemRow>> CancelAsync(Guid id, CancellationToken cancellation)
    {
        await using var context = open();
        await context.Batches.Where(batch => batch.Id == id).ExecuteUpdateAsync(set => set.SetProperty(batch => batch.IsCanceled, true), cancellation);
        await context.BatchItems.Where(item => item.BatchId == id && item.Status == BatchStatus.Waiting).ExecuteUpdateAsync(
            set => set.SetProperty(item => item.Status, ScheduleStatus.Canceled).SetProperty(item => item.Request, (string?)null), cancellation);
        return await Light(context.BatchItems.Where(item => item.BatchId == id && item.Status == BatchStatus.Submitted)).ToListAsync(cancellation);
    }

    /// <summary>Whether somebody waits for the schedule of a request, or a request of another batch asks for it too and is not done.</summary>
    public async Task<bool> IsSharedAsync(BatchItemRow item, CancellationToken cancellation)
    {
        await using var context = open();
        var now = time.GetUtcNow().UtcDateTime;
        return await context.Schedules.AnyAsync(row => row.Id == item.ScheduleId && row.WaitedUntil != null && row.WaitedUntil > now, cancellation)
            || await context.BatchItems.AnyAsync(
            other => other.ScheduleId == item.ScheduleId && other.BatchId != item.BatchId
                && (other.Status == BatchStatus.Waiting || other.Status == BatchStatus.Submitted),
            cancellation);
    }

    /// <summary>The budget that a request asks for.</summary>
    public static Budget AskedOf(BatchItemRow item) => new(item.AskedSeconds, item.AskedWork, item.AskedGap, item.Seed);

    private static IQueryable<BatchItemRow> Of(SchedulesContext context, BatchItemRow read) =>
        context.BatchItems.Where(item => item.BatchId == read.BatchId && item.Index == read.Index && item.Status == read.Status);

    private static IQueryable<BatchItemRow> Light(IQueryable<BatchItemRow> items) => items.AsNoTracking().Select(item => new BatchItemRow
    {
        BatchId = item.BatchId,
        Index = item.Index,
        ScheduleId = item.ScheduleId,
        AskedSeconds = item.AskedSeconds,
        AskedWork = item.AskedWork,
        AskedGap = item.AskedGap,
        Seed = item.Seed,
        Status = item.Status,
        HasCaused = item.HasCaused,
        Failure = item.Failure,
        SeenRevision = item.SeenRevision,
    });

    private static BatchItemRow ItemOf(Guid batch, int index, SubmittedRequest request)
    {
        var asked = Budget.Of(request.Options);
        return new BatchItemRow
        {
            BatchId = batch,
            Index = index,
            ScheduleId = request.Submission.Id,
            Request = SubmissionJson.Write(request.Submission),
            AskedSeconds = asked.Seconds,
            AskedWork = asked.Work,
            AskedGap = asked.Gap,
            Seed = asked.Seed,
            CallbackUrl = request.Callback?.Url,
            CallbackReference = request.Callback?.Reference,
            Status = BatchStatus.Waiting,
        };
    }
}
