using Microsoft.EntityFrameworkCore;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Storage;

/// <summary>
/// Reads and writes what is stored. Writes of a search count only while its attempt owns the row, and a result is only ever replaced by a better
/// one, so a search that runs twice does no harm.
/// </summary>
internal sealed class ScheduleStore(Func<SchedulesContext> open, TimeProvider time)
{
    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>What is stored of an id; null when nothing is.</summary>
    public async Task<StoredSchedule?> FindAsync(string id, CancellationToken cancellation)
    {
        await using var context = open();
        return await ReadAsync(context.Schedules, id, cancellation);
    }

    /// <summary>What is stored of some problems, by id.</summary>
    public async Task<Dictionary<string, StoredProblem>> FindProblemsAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        await using var context = open();
        var rows = await context.Schedules.AsNoTracking().Where(row => ids.Contains(row.Id)).ToListAsync(cancellation);
        return rows.ToDictionary(row => row.Id, row => new StoredProblem(row));
    }

    /// <summary>Adds a queued row.</summary>
    /// <returns>False when there is one of this id already.</returns>
    public async Task<bool> InsertAsync(Submission submission, Budget asked, CancellationToken cancellation)
    {
        await using var context = open();
        context.Add(NewRow(submission, asked));
        try
        {
            await context.SaveChangesAsync(cancellation);
            return true;
        }
        catch (DbUpdateException) when (!cancellation.IsCancellationRequested)
        {
            // Whether the insert lost against another or the database is gone shows in whether the row can be read.
            if (await FindAsync(submission.Id, cancellation) is not null) return false;
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
    /// <returns>What is stored; null when there is no search left to do.</returns>
    public async Task<StoredSchedule?> BeginAsync(string id, CancellationToken cancellation)
    {
        await using var context = open();
        await Unfinished(context).Where(row => row.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Attempt, row => row.Attempt + 1), cancellation);
        return await ReadAsync(Unfinished(context), id, cancellation);
    }

    /// <summary>
    /// Stores a better schedule or bound with what has been spent so far; nothing when it is not better or the attempt no longer owns the row.
    /// </summary>
    /// <returns>Whether it was stored.</returns>
    public async Task<bool> ImproveAsync(StoredProblem owned, Solution solution, CancellationToken cancellation)
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

    /// <summary>Stores where a choice stands, which its alternatives say: they are only ever improved.</summary>
    /// <returns>Whether the attempt still owns the row.</returns>
    public async Task<bool> PointAsync(StoredChoice owned, ChoiceStanding standing, CancellationToken cancellation)
    {
        owned.Take(standing);
        await using var context = open();
        return await WriteAsync(Owned(context, owned), owned, cancellation);
    }

    /// <summary>Stores what a search has spent.</summary>
    public async Task<bool> SpendAsync(StoredSchedule owned, CancellationToken cancellation)
    {
        await using var context = open();
        return await Owned(context, owned).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.SpentSeconds, owned.Spent.Seconds)
                .SetProperty(row => row.SpentWork, owned.Spent.Work)
                .SetProperty(row => row.SolveSeconds, owned.Spent.SolveSeconds)
                .SetProperty(row => row.Revision, row => row.Revision + 1),
            cancellation) == 1;
    }

    /// <summary>Stores the state that a search leaves behind, if nobody has raised its budget meanwhile.</summary>
    /// <returns>False when the budget was raised or the attempt no longer owns the row.</returns>
    public async Task<bool> LeaveAsync(StoredSchedule owned, string status, string? failure, CancellationToken cancellation)
    {
        await using var context = open();
        var now = Now;
        return await Asked(Owned(context, owned), owned.Asked).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.Status, status)
                .SetProperty(row => row.Failure, failure)
                .SetProperty(row => row.Revision, row => row.Revision + 1)
                .SetProperty(row => row.UpdatedAt, now),
            cancellation) == 1;
    }

    /// <summary>Drops a row that cannot be trusted, and queues what was submitted anew.</summary>
    /// <returns>False when not even what was submitted can be read.</returns>
    public async Task<bool> RestartAsync(StoredSchedule bad, CancellationToken cancellation)
    {
        await using (var context = open())
            await context.Schedules.Where(row => row.Id == bad.Id && row.Revision == bad.Version.Revision).ExecuteDeleteAsync(cancellation);
        try
        {
            return await InsertAsync(bad.ReadSubmission(), bad.Asked, cancellation);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private async Task<bool> WriteAsync(IQueryable<ScheduleRow> rows, StoredSchedule owned, CancellationToken cancellation)
    {
        var (now, result) = (Now, owned.Result);
        return await rows.ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.ObjectiveTicks, result.ObjectiveTicks)
                .SetProperty(row => row.BoundTicks, result.BoundTicks)
                .SetProperty(row => row.BoundName, result.BoundName)
                .SetProperty(row => row.Gap, result.Gap)
                .SetProperty(row => row.Method, result.Method)
                .SetProperty(row => row.Makespan, result.Makespan)
                .SetProperty(row => row.Span, result.Span)
                .SetProperty(row => row.LowerBound, result.LowerBound)
                .SetProperty(row => row.Order, result.Order)
                .SetProperty(row => row.SpentSeconds, owned.Spent.Seconds)
                .SetProperty(row => row.SolveSeconds, owned.Spent.SolveSeconds)
                .SetProperty(row => row.Revision, row => row.Revision + 1)
                .SetProperty(row => row.UpdatedAt, now),
            cancellation) == 1;
    }

    private static async Task<StoredSchedule?> ReadAsync(IQueryable<ScheduleRow> rows, string id, CancellationToken cancellation) =>
        await rows.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation) is { } row ? StoredSchedule.Of(row) : null;

    private static IQueryable<ScheduleRow> Unfinished(SchedulesContext context) =>
        context.Schedules.Where(row => row.Status == ScheduleStatus.Queued || row.Status == ScheduleStatus.Running);

    private static IQueryable<ScheduleRow> Owned(SchedulesContext context, StoredSchedule owned) =>
        context.Schedules.Where(row => row.Id == owned.Id && row.Attempt == owned.Attempt);

    private static IQueryable<ScheduleRow> Asked(IQueryable<ScheduleRow> rows, Budget asked) =>
        rows.Where(row => row.AskedSeconds == asked.Seconds && row.AskedWork == asked.Work && row.AskedGap == asked.Gap);

    private ScheduleRow NewRow(Submission submission, Budget asked) => new()
    {
        Id = submission.Id,
        Request = SubmissionJson.Write(submission),
        Name = submission.Profile.Name?.Replace('\0', ' '),
        Devices = submission.Profile.Pipeline.Devices,
        Chunks = submission.Profile.Pipeline.Chunks,
        Placement = submission.Placement,
        Microbatches = submission.Profile.Pipeline.Microbatches,
        Objective = ProfileJson.NameOf(submission.Options.Objective),
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
