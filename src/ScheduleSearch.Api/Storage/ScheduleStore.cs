using Microsoft.EntityFrameworkCore;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Storage;

/// <summary>
/// Reads what is stored and writes results. Writes of a search count only while its attempt owns the row, and a result is only ever replaced by
/// a better one, so a search that runs twice does no harm.
/// </summary>
internal sealed class ScheduleStore(Func<SchedulesContext> open, RowChanges changes, TimeProvider time)
{
    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>What is stored of an id; null when nothing is.</summary>
    public async Task<StoredSchedule?> FindAsync(string id, CancellationToken cancellation)
    {
        await using var context = open();
        return await context.Schedules.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation) is { } row ? StoredSchedule.Of(row) : null;
    }

    /// <summary>What is stored of some problems, by id.</summary>
    public async Task<Dictionary<string, StoredProblem>> FindProblemsAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        await using var context = open();
        var rows = await context.Schedules.AsNoTracking().Where(row => ids.Contains(row.Id)).ToListAsync(cancellation);
        return rows.ToDictionary(row => row.Id, row => new StoredProblem(row));
    }

    /// <summary>How far the search of an id is; null when nothing is stored of it.</summary>
    public async Task<Progress?> ProgressAsync(string id, CancellationToken cancellation)
    {
        await using var context = open();
        return await context.Schedules.AsNoTracking().Where(row => row.Id == id).Select(Progress.OfRow).SingleOrDefaultAsync(cancellation);
    }

    /// <summary>The revisions of some rows, by id.</summary>
    public async Task<Dictionary<string, int>> RevisionsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        await using var context = open();
        return await context.Schedules.AsNoTracking().Where(row => ids.Contains(row.Id))
            .ToDictionaryAsync(row => row.Id, row => row.Revision, cancellation);
    }

    /// <summary>Stores a better schedule or bound; nothing when it is not better or the attempt no longer owns the row.</summary>
    /// <returns>Whether it was stored.</returns>
    public async Task<bool> ImproveAsync(StoredProblem owned, Solution solution, CancellationToken cancellation)
    {
        var (objective, bound) = (solution.Objective, solution.Bound.Ticks);
        owned.Take(solution);
        await using var context = open();
        return await WriteAsync(
            context.Schedules.OwnedBy(owned)
                .Where(row => row.ObjectiveTicks == null || objective < row.ObjectiveTicks || (objective == row.ObjectiveTicks && bound > row.BoundTicks)),
            owned,
            cancellation);
    }

    /// <summary>Stores where a choice stands, which its alternatives say: they are only ever improved.</summary>
    /// <returns>Whether the attempt still owns the row.</returns>
    public async Task<bool> PointAsync(StoredChoice owned, ChoiceStanding standing, CancellationToken cancellation)
    {
        owned.Take(standing);
        await using var context = open();
        return await WriteAsync(context.Schedules.OwnedBy(owned), owned, cancellation);
    }

    private async Task<bool> WriteAsync(IQueryable<ScheduleRow> rows, StoredSchedule owned, CancellationToken cancellation)
    {
        var (now, result) = (Now, owned.Result);
        return Told(owned.Id, await rows.ExecuteUpdateAsync(
            set => set
                .Result(result)
                .Changed(now),
            cancellation));
    }

    private bool Told(string id, int rows)
    {
        if (rows > 0) changes.Wrote(id);
        return rows > 0;
    }
}
