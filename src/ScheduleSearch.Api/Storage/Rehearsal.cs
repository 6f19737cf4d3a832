using System.Data.Common;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Search.Constructions;

namespace ScheduleSearch.Api.Storage;

/// <summary>
/// Carries out once what a request and its search ask of the table, in a transaction that is rolled back, so that nobody ever sees anything of it: what
/// it passes through is compiled then, which takes the first request after a start half a second.
/// </summary>
internal sealed class Rehearsal(
    Func<SchedulesContext> open, Func<DbTransaction, SchedulesContext> openWithin, ProcessName process, IOptions<LeaseSettings> leases,
    IOptions<KeepSettings> keeping, TimeProvider time, ILoggerFactory loggers)
{
    private static readonly Budget Asked = new(Seconds: 1, Work: 0, Gap: 0, Seed: 0);

    private static readonly Asking Asking = new(nameof(Rehearsal), IsWaitedFor: true);

    /// <summary>Carries it out.</summary>
    /// <returns>A schedule as the table held it; null when nothing came of it.</returns>
    public async Task<StoredSchedule?> RunAsync(CancellationToken cancellation)
    {
        await using var context = open();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        SchedulesContext Within() => openWithin(transaction.GetDbTransaction());
        // Nobody listens to these changes.
        var changes = new RowChanges();
        var (store, queue) = (new ScheduleStore(Within, changes, time), new ScheduleQueue(Within, changes, process, leases, time));
        await AskAsync(store, queue, cancellation);
        var found = await SearchAsync(store, queue, cancellation);
        using var kept = new KeptSchedules(Within, keeping, time, loggers.CreateLogger<KeptSchedules>());
        if (found is not null) await kept.KeepAsync(found.Id, found, cancellation);
        await transaction.RollbackAsync(CancellationToken.None);
        return found;
    }

    private static async Task AskAsync(ScheduleStore store, ScheduleQueue queue, CancellationToken cancellation)
    {
        var submission = Submission.Of(NewProblem());
        await queue.CountAsync(cancellation);
        await queue.InsertAsync(submission, Asked, Asking, cancellation);
        if (await store.ProgressAsync(submission.Id, cancellation) is not { } progress) return;
        await queue.WaitForAsync([submission.Id], cancellation);
        await queue.RaiseAsync(progress, Asked, Asking, cancellation);
        await queue.RequeueAsync(progress, Asked, Asking, cancellation);
    }

    private static async Task<StoredSchedule?> SearchAsync(ScheduleStore store, ScheduleQueue queue, CancellationToken cancellation)
    {
        var problem = NewProblem();
        // Due before all that may wait in the table.
        await queue.InsertAsync(Submission.Of(problem), Asked, Asking with { Due = DateTime.UnixEpoch }, cancellation);
        if (await queue.TakeAsync(Lane.Quick, cancellation) is not StoredProblem owned || owned.Id != problem.Id) return null;
        await queue.RenewAsync(owned, owned.Spent, cancellation);
        await store.ImproveAsync(owned, QuickPass.Solve(problem), cancellation);
        await queue.LeaveAsync(owned, ScheduleStatus.Running, failure: null, cancellation);
        await queue.IsEarlierWaitingAsync(owned, isWaitedFor: true, cancellation);
        await queue.ReleaseAsync(owned, cancellation);
        await queue.LeaveAsync(owned, owned.Reached, failure: null, cancellation);
        return await store.FindAsync(owned.Id, cancellation);
    }

    /// <summary>A problem that nobody else has.</summary>
    private static Problem NewProblem() => Problem.Create(new Profile
    {
        Pipeline = new() { Devices = 2, Microbatches = 4 },
        Times = new() { Forward = 1 + (Random.Shared.Next(1_000_000) / 1_000_000m), BackwardInput = 1, BackwardWeight = 1 },
    });
}
