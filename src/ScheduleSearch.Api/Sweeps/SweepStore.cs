using Microsoft.EntityFrameworkCore;
using ScheduleSearch.Api.Batches;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>Reads and writes sweeps.</summary>
internal sealed class SweepStore(Func<SchedulesContext> open)
{
    /// <summary>A sweep; null when there is none of this id.</summary>
    public async Task<SweepRow?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using var context = open();
        return await context.Sweeps.AsNoTracking().SingleOrDefaultAsync(sweep => sweep.Id == id, cancellation);
    }

    /// <summary>The sweep that a caller sent with a key; null when there is none.</summary>
    public async Task<SweepRow?> FindAsync(string caller, string key, CancellationToken cancellation)
    {
        await using var context = open();
        return await context.Sweeps.AsNoTracking().SingleOrDefaultAsync(sweep => sweep.Caller == caller && sweep.IdempotencyKey == key, cancellation);
    }

    /// <summary>Sweeps whose requests are all done, and whose points have not learned from each other yet.</summary>
    public async Task<List<SweepRow>> SearchedAsync(CancellationToken cancellation)
    {
        await using var context = open();
        return await context.Sweeps.AsNoTracking().Where(sweep => !sweep.IsDone).Where(sweep => !context.BatchItems.Any(
            item => item.BatchId == sweep.Id && (item.Status == BatchStatus.Waiting || item.Status == BatchStatus.Submitted))).ToListAsync(cancellation);
    }

    /// <summary>Stores that nothing is left to do of a sweep.</summary>
    public async Task EndAsync(Guid id, CancellationToken cancellation)
    {
        await using var context = open();
        await context.Sweeps.Where(sweep => sweep.Id == id).ExecuteUpdateAsync(set => set.SetProperty(sweep => sweep.IsDone, true), cancellation);
    }
}
