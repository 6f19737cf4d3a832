using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Storage;

/// <summary>
/// Who searches what, and in which order: the table says it to every process. A row is taken by one attempt at a time, which keeps it by
/// renewing a lease; when the lease runs out, the row can be taken by another.
/// </summary>
internal sealed class ScheduleQueue(Func<SchedulesContext> open, RowChanges changes, ProcessName process, IOptions<LeaseSettings> settings, TimeProvider time)
{
    /// <summary>Rows that are tried at once when others take some first.</summary>
    private const int Candidates = 8;

    /// <summary>The seconds that a budget of work counts as in the order of turns.</summary>
    private const double SecondsOfWork = 30;

    /// <summary>From this many times as long on, a search of the same caller comes after the shorter one.</summary>
    private const double MuchLonger = 2;

    private static string? Trace => Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } span ? span.Id : null;

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Adds a queued row.</summary>
    /// <returns>False when there is one of this id already.</returns>
    public async Task<bool> InsertAsync(Submission submission, Budget asked, Asking asking, CancellationToken cancellation)
    {
        var row = NewRow(submission, asked);
        (row.Caller, row.WaitedUntil, row.Trace, row.IsPart) = (asking.Caller, WaitedUntil(asking), Trace, asking.IsPart);
        await using (var context = open()) row.Due = await DueAsync(context, asking, asked, cancellation);
        return await AddAsync(row, cancellation);
    }

    /// <summary>A row of what is submitted, which is queued.</summary>
    public ScheduleRow NewRow(Submission submission, Budget asked) => new()
    {
        Id = submission.Id,
        Kin = submission.Kin,
        Request = SubmissionJson.Write(submission),
        Name = submission.Profile.Name?.Replace('\0', ' '),
        Devices = submission.Profile.Pipeline.Devices,
        Chunks = submission.Profile.Pipeline.ChunksOfDevice,
        Placement = submission.Placement,
        Microbatches = submission.Profile.Pipeline.Microbatches,
        Objective = ProfileJson.NameOf(submission.Options.Objective),
        Status = ScheduleStatus.Queued,
        AskedSeconds = asked.Seconds,
        AskedWork = asked.Work,
        AskedGap = asked.Gap,
        Seed = asked.Seed,
        IsOwn = submission.IsOwnOrder,
        Revision = 1,
        CreatedAt = Now,
        UpdatedAt = Now,
    };

    /// <summary>Adds a row.</summary>
    /// <returns>False when there is one of this id already.</returns>
    public async Task<bool> AddAsync(ScheduleRow row, CancellationToken cancellation)
    {
        await using var context = open();
        context.Add(row);
        try
        {
            await context.SaveChangesAsync(cancellation);
            return Told(row.Id, 1);
        }
        catch (DbUpdateException) when (!cancellation.IsCancellationRequested)
        {
            // Whether the insert lost against another or the database is gone shows in whether the row can be read.
            await using var again = open();
            if (await again.Schedules.AnyAsync(other => other.Id == row.Id, cancellation)) return false;
            throw;
        }
    }

    /// <summary>Queues a row whose search has ended with a budget to go on with.</summary>
    /// <returns>False when the row is no longer as it was read.</returns>
    public async Task<bool> RequeueAsync(Progress ended, Budget asked, Asking asking, CancellationToken cancellation)
    {
        await using var context = open();
        var (now, waited, trace) = (Now, WaitedUntil(asking), Trace);
        var left = asked with { Seconds = Math.Max(0, asked.Seconds - ended.Spent.Seconds) };
        var due = await DueAsync(context, asking, left, cancellation);
        return Told(ended.Version.Id, await context.Schedules
            .Where(row => row.Id == ended.Version.Id && row.Revision == ended.Version.Revision && row.Status == ended.Status)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.Status, ScheduleStatus.Queued)
                    .SetProperty(row => row.Failure, (string?)null)
                    .Asked(asked)
                    .SetProperty(row => row.Seed, asked.Seed)
                    .SetProperty(row => row.Caller, asking.Caller)
                    .SetProperty(row => row.WaitedUntil, waited)
                    .SetProperty(row => row.Trace, trace)
                    .SetProperty(row => row.Due, due)
                    .SetProperty(row => row.Deaths, 0)
                    .SetProperty(row => row.StopRequested, false)
                    .Freed()
                    .Changed(now),
                cancellation));
    }

    /// <summary>Raises the budget of an unfinished search, which is due later then.</summary>
    /// <returns>False when the search has ended, or somebody else changed its budget first.</returns>
    public async Task<bool> RaiseAsync(Progress unfinished, Budget asked, Asking asking, CancellationToken cancellation)
    {
        await using var context = open();
        var (to, left) = (unfinished.Asked.With(asked), asked with { Seconds = Math.Max(0, asked.Seconds - unfinished.Spent.Seconds) });
        var due = await DueAsync(context, asking, left, cancellation);
        return await context.Schedules.Unfinished().Where(row => row.Id == unfinished.Version.Id).Asked(unfinished.Asked).ExecuteUpdateAsync(
            set => set
                .Asked(to)
                .SetProperty(row => row.Due, due),
            cancellation) == 1;
    }

    /// <summary>Notes that somebody waits for some unfinished rows.</summary>
    /// <returns>Rows that were found.</returns>
    public async Task<int> WaitForAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        await using var context = open();
        var now = Now;
        // Not at every word, but well before it runs out.
        var (until, soon) = (now.AddSeconds(settings.Value.WaitedSeconds), now.AddSeconds(settings.Value.WaitedSeconds / 2));
        return await context.Schedules.Unfinished().Where(row => ids.Contains(row.Id) && (row.WaitedUntil == null || row.WaitedUntil < soon))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.WaitedUntil, until), cancellation);
    }

    /// <summary>Notes that somebody has asked for a row itself, which a choice had as a part until then.</summary>
    public async Task AskForAsync(string id, CancellationToken cancellation)
    {
        await using var context = open();
        await context.Schedules.Where(row => row.Id == id && row.IsPart)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.IsPart, false), cancellation);
    }

    /// <summary>Unfinished rows.</summary>
    public async Task<int> CountAsync(CancellationToken cancellation)
    {
        await using var context = open();
        return await context.Schedules.Unfinished().CountAsync(cancellation);
    }

    /// <summary>Rows that wait in a lane for somebody to take them.</summary>
    public async Task<int> CountWaitingAsync(Lane lane, CancellationToken cancellation)
    {
        await using var context = open();
        return await context.Schedules.Waiting(Now).In(lane).CountAsync(cancellation);
    }

    /// <summary>Makes a new attempt of this process the owner of the row of a lane whose turn it is.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="cancellation">Gives up looking for a row.</param>
    /// <returns>What is stored; null when none waits.</returns>
    public async Task<StoredSchedule?> TakeAsync(Lane lane, CancellationToken cancellation)
    {
        await using var context = open();
        while (true)
        {
            var now = Now;
            var until = LeaseEnd(now);
            var ids = await context.Schedules.Waiting(now).In(lane)
                .OrderByDescending(row => row.WaitedUntil != null && row.WaitedUntil > now).ThenBy(row => row.Due ?? row.CreatedAt)
                .Select(row => row.Id).Take(Candidates).ToListAsync(cancellation);
            if (ids.Count == 0) return null;
            foreach (var id in ids)
            {
                // From here on not canceled: a row that is taken and not returned would wait until its lease runs out.
                var taken = await context.Schedules.Waiting(now).In(lane).Where(row => row.Id == id).ExecuteUpdateAsync(
                    set => set
                        .SetProperty(row => row.Attempt, row => row.Attempt + 1)
                        .SetProperty(row => row.Deaths, row => row.LeaseOwner == null ? row.Deaths : row.Deaths + 1)
                        .SetProperty(row => row.LeaseOwner, process.Name)
                        .SetProperty(row => row.LeaseUntil, until),
                    CancellationToken.None);
                if (taken == 1 && await context.Schedules.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, CancellationToken.None) is { } row)
                    return StoredSchedule.Of(row);
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Keeps a row for its attempt, and books what the attempt has spent until now.</summary>
    public async Task<LeaseState> RenewAsync(StoredSchedule owned, Spending spent, CancellationToken cancellation)
    {
        await using var context = open();
        var until = LeaseEnd(Now);
        await context.Schedules.OwnedBy(owned).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.LeaseUntil, until)
                .SetProperty(row => row.SpentSeconds, row => row.SpentSeconds < spent.Seconds ? spent.Seconds : row.SpentSeconds)
                .SetProperty(row => row.SolveSeconds, row => row.SolveSeconds < spent.SolveSeconds ? spent.SolveSeconds : row.SolveSeconds),
            cancellation);
        return await LookAsync(owned, cancellation);
    }

    /// <summary>What an attempt should know of its row.</summary>
    public async Task<LeaseState> LookAsync(StoredSchedule owned, CancellationToken cancellation)
    {
        await using var context = open();
        var now = Now;
        return await context.Schedules.AsNoTracking().OwnedBy(owned)
            .Select(row => new LeaseState(true, row.StopRequested, row.WaitedUntil != null && row.WaitedUntil > now)).SingleOrDefaultAsync(cancellation);
    }

    /// <summary>Whether the turn of a row that waits in a lane comes before that of a row that is searched.</summary>
    public async Task<bool> IsEarlierWaitingAsync(StoredSchedule owned, bool isWaitedFor, CancellationToken cancellation)
    {
        await using var context = open();
        var (now, due) = (Now, owned.Due);
        return await context.Schedules.Waiting(now).In(owned.Lane).AnyAsync(
            row => (row.WaitedUntil != null && row.WaitedUntil > now) == isWaitedFor
                ? (row.Due ?? row.CreatedAt) < due
                : !isWaitedFor,
            cancellation);
    }

    /// <summary>
    /// Stores the state that a search leaves behind and what it has spent, if nobody has raised its budget meanwhile. A state that ends the search
    /// frees the row.
    /// </summary>
    /// <returns>False when the budget was raised or the attempt no longer owns the row.</returns>
    public async Task<bool> LeaveAsync(StoredSchedule owned, string status, string? failure, CancellationToken cancellation)
    {
        await using var context = open();
        var (now, spent) = (Now, owned.Spent);
        var rows = context.Schedules.OwnedBy(owned).Asked(owned.Asked);
        if (status == ScheduleStatus.Running)
        {
            return Told(owned.Id, await rows.ExecuteUpdateAsync(
                set => set
                    .SetProperty(row => row.Status, status)
                    .Changed(now),
                cancellation));
        }

        return Told(owned.Id, await rows.ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.Status, status)
                .SetProperty(row => row.Failure, failure)
                .Spent(spent)
                .SetProperty(row => row.StopRequested, false)
                .Freed()
                .Changed(now),
            cancellation));
    }

    /// <summary>Gives an unfinished row back with what has been spent, so that anybody can go on with it.</summary>
    /// <returns>False when the attempt no longer owns the row, or its search has ended.</returns>
    public async Task<bool> ReleaseAsync(StoredSchedule owned, CancellationToken cancellation)
    {
        await using var context = open();
        var (now, spent) = (Now, owned.Spent);
        return Told(owned.Id, await context.Schedules.OwnedBy(owned).Unfinished().ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.Status, ScheduleStatus.Queued)
                .Spent(spent)
                .Freed()
                .Changed(now),
            cancellation));
    }

    /// <summary>Stops a search: at once when nobody carries it out, else its process is asked to.</summary>
    public async Task StopAsync(string id, CancellationToken cancellation)
    {
        await using var context = open();
        var asked = await context.Schedules.Unfinished().Where(row => row.Id == id && !row.StopRequested).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.StopRequested, true).SetProperty(row => row.Revision, row => row.Revision + 1), cancellation);
        await EndStoppedAsync(id, cancellation);
        Told(id, asked);
    }

    /// <summary>Ends a search that somebody asked to stop, if nobody carries it out.</summary>
    public async Task EndStoppedAsync(string id, CancellationToken cancellation)
    {
        await using var context = open();
        var now = Now;
        Told(id, await context.Schedules.Waiting(now).Where(row => row.Id == id && row.StopRequested).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.Status, row => row.ObjectiveTicks == null ? ScheduleStatus.Canceled
                    : row.ObjectiveTicks == row.BoundTicks ? ScheduleStatus.Optimal : ScheduleStatus.Feasible)
                .SetProperty(row => row.StopRequested, false)
                .Freed()
                .Changed(now),
            cancellation));
    }

    /// <summary>Drops a row that cannot be trusted, and queues what was submitted anew. An own order is gone then: only who sent it has it.</summary>
    /// <returns>False when there is nothing to search, or not even what was submitted can be read.</returns>
    public async Task<bool> RestartAsync(StoredSchedule bad, CancellationToken cancellation)
    {
        await using (var context = open())
            await context.Schedules.Where(row => row.Id == bad.Id && row.Revision == bad.Version.Revision).ExecuteDeleteAsync(cancellation);
        if (bad.IsOwn) return false;
        var asking = new Asking(bad.Caller, IsWaitedFor: true) { Due = bad.IsPart ? bad.Due : null };
        try
        {
            return await InsertAsync(bad.ReadSubmission(), bad.Asked, asking, cancellation);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Frees the rows of processes of this machine that are gone, which need not wait for their leases to run out.</summary>
    /// <returns>Rows that were freed.</returns>
    public async Task<int> FreeAsync(CancellationToken cancellation)
    {
        await using var context = open();
        var now = Now;
        var owners = await context.Schedules.Unfinished().Where(row => row.LeaseOwner != null && row.LeaseUntil > now).Select(row => row.LeaseOwner!)
            .Distinct().ToListAsync(cancellation);
        var gone = owners.Where(process.IsGone).ToList();
        return gone.Count == 0
            ? 0
            : await context.Schedules.Unfinished().Where(row => gone.Contains(row.LeaseOwner!))
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.LeaseUntil, now), cancellation);
    }

    private DateTime LeaseEnd(DateTime now) => now.AddSeconds(settings.Value.Seconds);

    private DateTime? WaitedUntil(Asking asking) => asking.IsWaitedFor ? Now.AddSeconds(settings.Value.WaitedSeconds) : null;

    /// <summary>
    /// When a search would be done if its caller's searches that are not much longer were carried out first, on a machine of their own: short ones
    /// come before long ones, none waits for ever, and one caller's many do not keep another's one waiting.
    /// </summary>
    private async Task<DateTime> DueAsync(SchedulesContext context, Asking asking, Budget asked, CancellationToken cancellation)
    {
        if (asking.Due is { } due) return due;
        var seconds = asked.Work > 0 ? SecondsOfWork : asked.Seconds;
        var longest = MuchLonger * seconds;
        var before = asking.Caller is null
            ? 0
            : await context.Schedules.Unfinished().Where(row => row.Caller == asking.Caller && row.AskedSeconds <= longest)
                .SumAsync(row => row.AskedSeconds - row.SpentSeconds, cancellation);
        return Now.AddSeconds(before + seconds);
    }

    private bool Told(string id, int rows)
    {
        if (rows > 0) changes.Wrote(id);
        return rows > 0;
    }
}
