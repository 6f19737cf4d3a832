using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Storage;

/// <summary>
/// Keeps schedules that were answered with while a search may still replace them, so that all ranks of a launch can fetch the one that the first of
/// them was told of. They lie in the database: any replica serves them.
/// </summary>
internal sealed class KeptSchedules(
    Func<SchedulesContext> open, IOptions<KeepSettings> settings, TimeProvider time, ILogger<KeptSchedules> logger) : IDisposable
{
    /// <summary>A schedule that is answered with again and again is written again after so long.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _written = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    private TimeSpan Lifetime => TimeSpan.FromMinutes(settings.Value.Minutes);

    /// <summary>
    /// Keeps what is stored as what was answered for an id. A database that cannot be written loses the promise, not the answer.
    /// </summary>
    public async Task KeepAsync(string id, StoredSchedule stored, CancellationToken cancellation)
    {
        if (Lifetime == TimeSpan.Zero || stored.Result is not { Order: { } order, ObjectiveTicks: { } objective, Method: { } method }) return;
        var revision = stored.Revision!;
        if (_written.TryGetValue((id, revision), out _)) return;
        try
        {
            await WriteAsync(
                new KeptScheduleRow
                {
                    Id = id,
                    Revision = revision,
                    ProblemId = stored.Id,
                    RowRevision = stored.Version.Revision,
                    RowCreatedAt = stored.Version.CreatedAt,
                    ObjectiveTicks = objective,
                    Method = method,
                    Order = order,
                    KeptUntil = time.GetUtcNow().UtcDateTime + Lifetime,
                },
                cancellation);
            _written.Set((id, revision), true, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Shorter(Pause, Lifetime / 2) });
        }
        catch (Exception exception) when (StorageFault.Is(exception) && !cancellation.IsCancellationRequested)
        {
            logger.LogWarning("A revision of {Id} is answered with and cannot be kept. {Reason}", id, StorageFault.ReasonOf(exception));
        }
    }

    /// <summary>What was answered for an id under the name of a revision; null when it is not kept, or no longer.</summary>
    public async Task<StoredSchedule?> FindAsync(string id, string revision, CancellationToken cancellation)
    {
        await using var context = open();
        var now = time.GetUtcNow().UtcDateTime;
        var kept = await context.Kept.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Id == id && row.Revision == revision && row.KeptUntil > now, cancellation);
        if (kept is null) return null;
        var problem = await context.Schedules.AsNoTracking().SingleOrDefaultAsync(row => row.Id == kept.ProblemId, cancellation);
        return problem is null ? null : StoredSchedule.Of(problem, kept);
    }

    public void Dispose() => _written.Dispose();

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private async Task WriteAsync(KeptScheduleRow row, CancellationToken cancellation)
    {
        await using var context = open();
        if (await ProlongAsync(context, row, cancellation)) return;
        context.Add(row);
        try
        {
            await context.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException) when (!cancellation.IsCancellationRequested)
        {
            // Another replica, or another request, has kept it just now; else the database is at fault, which shows once more.
            await using var other = open();
            if (!await ProlongAsync(other, row, cancellation)) throw;
        }

        await DropAsync(context, row.Id, cancellation);
    }

    private static async Task<bool> ProlongAsync(SchedulesContext context, KeptScheduleRow row, CancellationToken cancellation) =>
        await context.Kept.Where(kept => kept.Id == row.Id && kept.Revision == row.Revision)
            .ExecuteUpdateAsync(set => set.SetProperty(kept => kept.KeptUntil, row.KeptUntil), cancellation) == 1;

    /// <summary>Drops what nobody was told of lately, of any id, and the oldest of one that has too many.</summary>
    private async Task DropAsync(SchedulesContext context, string id, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await context.Kept.Where(kept => kept.KeptUntil <= now).ExecuteDeleteAsync(cancellation);
        var oldest = await context.Kept.Where(kept => kept.Id == id).OrderByDescending(kept => kept.KeptUntil).Skip(settings.Value.MostOfOne)
            .Select(kept => (DateTime?)kept.KeptUntil).FirstOrDefaultAsync(cancellation);
        if (oldest is { } last) await context.Kept.Where(kept => kept.Id == id && kept.KeptUntil <= last).ExecuteDeleteAsync(cancellation);
    }
}
