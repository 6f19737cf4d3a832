using Microsoft.EntityFrameworkCore;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Storage;

/// <summary>
/// Reads and writes rows. Writes of a search count only while its attempt owns the row, and a result is only ever replaced by a better
/// one, so a search that runs twice does no harm.
/// </summary>
internal sealed class ScheduleStore(Func<SchedulesContext> open, TimeProvider time)
{
    private DateTime Now => time.GetUtcNow().UtcDateTime;

    public async Task<ScheduleRow?> FindAsync(string id, CancellationToken cancellation)
    {
        await using var context = open();
        return await context.Schedules.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation);
    }

    /// <summary>The rows that there are of some ids, by id.</summary>
    public async Task<Dictionary<string, ScheduleRow>> FindAllAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        await using var context = open();
        return await context.Schedules.AsNoTracking().Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellation);
    }

    /// <summary>Adds a queued row.</summary>
    /// <returns>False when the problem has one already.</returns>
    public async Task<bool> InsertAsync(StoredRequest request, Budget asked, CancellationToken cancellation)
    {
        await using var context = open();
        context.Add(NewRow(request, asked));
        try
        {
            await context.SaveChangesAsync(cancellation);
            return true;
        }
        catch (DbUpdateException) when (!cancellation.IsCancellationRequested)
        {
            // Whether the insert lost against another or the database is gone shows in whether the row can be read.
            if (await FindAsync(request.Id, cancellation) is not null) return false;
            throw;
        }
    }

    /// <summary>Queues a row with a budget to go on with.</summary>
    public async Task RequeueAsync(string id, Budget asked, CancellationToken cancellation)
    {
        await using var context = open();
        var now = Now;
        await context.Schedules.Where(row => row.Id == id).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.Status, ScheduleStatus.Queued)
                .SetProperty(row => row.Failure, (string?)null)
                .SetProperty(row => row.AskedSeconds, asked.Seconds)
                .SetProperty(row => row.AskedWork, asked.Work)
                .SetProperty(row => row.AskedGap, asked.Gap)
                .SetProperty(row => row.Seed, asked.Seed)
                .SetProperty(row => row.Revision, row => row.Revision + 1)
                .SetProperty(row => row.UpdatedAt, now),
            cancellation);
    }

    /// <summary>Raises the budget of an unfinished search.</summary>
    /// <returns>False when the search has ended, or somebody else changed its budget first.</returns>
    public async Task<bool> RaiseAsync(string id, Budget from, Budget to, CancellationToken cancellation)
    {
        await using var context = open();
        return await Asked(Unfinished(context).Where(row => row.Id == id), from).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.AskedSeconds, to.Seconds)
                .SetProperty(row => row.AskedWork, to.Work)
                .SetProperty(row => row.AskedGap, to.Gap),
            cancellation) == 1;
    }

    /// <summary>Ids of the rows whose search has not ended, oldest first.</summary>
    public async Task<List<string>> UnfinishedAsync(CancellationToken cancellation)
    {
        await using var context = open();
        return await Unfinished(context).OrderBy(row => row.UpdatedAt).Select(row => row.Id).ToListAsync(cancellation);
    }

    /// <summary>Makes a new attempt the owner of an unfinished row.</summary>
    /// <returns>The row; null when there is no search left to do.</returns>
    public async Task<ScheduleRow?> BeginAsync(string id, CancellationToken cancellation)
    {
        await using var context = open();
        await Unfinished(context).Where(row => row.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Attempt, row => row.Attempt + 1), cancellation);
        return await Unfinished(context).AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation);
    }

    /// <summary>Stores a better schedule or bound with what has been spent so far; nothing when it is not better or the attempt no longer owns the row.</summary>
    /// <returns>Whether it was stored.</returns>
    public async Task<bool> ImproveAsync(ScheduleRow owned, Solution solution, CancellationToken cancellation)
    {
        var (objective, bound) = (solution.Objective, solution.Bound.Ticks);
        owned.Take(solution);
        await using var context = open();
        return await WriteAsync(
            Owned(context, owned)
                .Where(row => row.ObjectiveTicks == null || objective < row.ObjectiveTicks || (objective == row.ObjectiveTicks && bound > row.BoundTicks)),
            owned,
            cancellation);
    }

    /// <summary>Stores where a choice stands, which the rows it points to say: they are only ever improved.</summary>
    /// <returns>Whether the attempt still owns the row.</returns>
    public async Task<bool> PointAsync(ScheduleRow owned, ChoiceStanding standing, CancellationToken cancellation)
    {
        owned.Take(standing);
        await using var context = open();
        return await WriteAsync(Owned(context, owned), owned, cancellation);
    }

    /// <summary>Stores what a search has spent.</summary>
    public async Task<bool> SpendAsync(ScheduleRow owned, CancellationToken cancellation)
    {
        await using var context = open();
        return await Owned(context, owned).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.SpentSeconds, owned.SpentSeconds)
                .SetProperty(row => row.SpentWork, owned.SpentWork)
                .SetProperty(row => row.SolveSeconds, owned.SolveSeconds)
                .SetProperty(row => row.Revision, row => row.Revision + 1),
            cancellation) == 1;
    }

    /// <summary>Stores the state that a search leaves behind, if nobody has raised its budget meanwhile.</summary>
    /// <returns>False when the budget was raised or the attempt no longer owns the row.</returns>
    public async Task<bool> LeaveAsync(ScheduleRow owned, string status, string? failure, CancellationToken cancellation)
    {
        await using var context = open();
        var now = Now;
        return await Asked(Owned(context, owned), Budget.Of(owned)).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.Status, status)
                .SetProperty(row => row.Failure, failure)
                .SetProperty(row => row.Revision, row => row.Revision + 1)
                .SetProperty(row => row.UpdatedAt, now),
            cancellation) == 1;
    }

    /// <summary>Drops a row that cannot be trusted, and queues its problem anew.</summary>
    /// <returns>False when not even the problem can be read.</returns>
    public async Task<bool> RestartAsync(ScheduleRow bad, CancellationToken cancellation)
    {
        await using (var context = open())
            await context.Schedules.Where(row => row.Id == bad.Id && row.Revision == bad.Revision).ExecuteDeleteAsync(cancellation);
        try
        {
            return await InsertAsync(StoredProblem.ReadRequest(bad), Budget.Of(bad), cancellation);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private async Task<bool> WriteAsync(IQueryable<ScheduleRow> rows, ScheduleRow owned, CancellationToken cancellation)
    {
        var now = Now;
        return await rows.ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.ObjectiveTicks, owned.ObjectiveTicks)
                .SetProperty(row => row.BoundTicks, owned.BoundTicks)
                .SetProperty(row => row.BoundName, owned.BoundName)
                .SetProperty(row => row.Gap, owned.Gap)
                .SetProperty(row => row.Method, owned.Method)
                .SetProperty(row => row.Makespan, owned.Makespan)
                .SetProperty(row => row.Span, owned.Span)
                .SetProperty(row => row.LowerBound, owned.LowerBound)
                .SetProperty(row => row.Order, owned.Order)
                .SetProperty(row => row.SpentSeconds, owned.SpentSeconds)
                .SetProperty(row => row.SolveSeconds, owned.SolveSeconds)
                .SetProperty(row => row.Revision, row => row.Revision + 1)
                .SetProperty(row => row.UpdatedAt, now),
            cancellation) == 1;
    }

    private static IQueryable<ScheduleRow> Unfinished(SchedulesContext context) =>
        context.Schedules.Where(row => row.Status == ScheduleStatus.Queued || row.Status == ScheduleStatus.Running);

    private static IQueryable<ScheduleRow> Owned(SchedulesContext context, ScheduleRow owned) =>
        context.Schedules.Where(row => row.Id == owned.Id && row.Attempt == owned.Attempt);

    private static IQueryable<ScheduleRow> Asked(IQueryable<ScheduleRow> rows, Budget asked) =>
        rows.Where(row => row.AskedSeconds == asked.Seconds && row.AskedWork == asked.Work && row.AskedGap == asked.Gap);

    private ScheduleRow NewRow(StoredRequest request, Budget asked) => new()
    {
        Id = request.Id,
        Request = StoredProblem.Write(request),
        Name = request.Profile.Name?.Replace('\0', ' '),
        Devices = request.Profile.Pipeline.Devices,
        Chunks = request.Profile.Pipeline.Chunks,
        Placement = request.Placement,
        Microbatches = request.Profile.Pipeline.Microbatches,
        Objective = ProfileJson.NameOf(request.Options.Objective),
        Status = ScheduleStatus.Queued,
        AskedSeconds = asked.Seconds,
        AskedWork = asked.Work,
        AskedGap = asked.Gap,
        Seed = asked.Seed,
        Revision = 1,
        CreatedAt = Now,
        UpdatedAt = Now,
    };
}
