using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Schedules.Problems;

/// <summary>
/// What requests have of <see cref="TrustedSchedules"/> as those who send them: searched within their quotas, read and stopped as far as the settings let
/// them, under the names that they gave, and with a line in the audit.
/// </summary>
internal sealed class CallersSchedules(
    TrustedSchedules schedules, JobControl jobs, CallerQuotas quotas, SolveCharges charges, Askers askers, AuditLog audit)
{
    /// <summary>As <see cref="TrustedSchedules.SolveAsync"/>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="action">What the request is called in the audit.</param>
    /// <param name="submission">What is to be searched.</param>
    /// <param name="options">What may be spent on it.</param>
    /// <param name="deadline">Until when to wait.</param>
    /// <param name="submitted">Called once, when the submission is in the table and before it is waited for.</param>
    /// <param name="start">A schedule to begin with, if it is better than what is stored; null for none.</param>
    /// <exception cref="RequestFault">429: a quota of the caller is used up.</exception>
    public async Task<(StoredSchedule Stored, bool IsDone, bool Cached)> SolveAsync(
        HttpContext context, string action, Submission submission, SolveOptions options, Deadline deadline, Func<Task>? submitted = null,
        Solution? start = null)
    {
        var (outcome, isCharged) = ("the client left", false);
        var (caller, asked) = (Caller.Of(context), Budget.Of(options));
        try
        {
            isCharged = await charges.ChargeAsync(caller, quotas.Of(context), submission.Id, asked, context.RequestAborted);
            await askers.RecordAsync(context, submission.Ids, submission.Profile.Name);
            var (nameless, asking) = (askers.AreKept ? submission.Nameless() : submission, new Asking(caller, IsWaitedFor: true));
            var solved = await schedules.SolveAsync(nameless, options, deadline, asking, context.RequestAborted, submitted, start);
            if (isCharged && solved.Cached) await charges.TakeBackAsync(caller, submission.Id, asked);
            outcome = $"{solved.Stored.Status}{(solved.Cached ? ", cached" : "")}";
            return solved;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            outcome = $"refused, {exception.Message}";
            // Neither of these has put a search into the table.
            if (isCharged && exception is (BusyException or InvalidProfileException)) await charges.TakeBackAsync(caller, submission.Id, asked);
            throw;
        }
        finally
        {
            audit.Tell(context, action, submission.Id, outcome);
        }
    }

    /// <summary>As <see cref="TrustedSchedules.FindAsync"/>.</summary>
    /// <exception cref="RequestFault">404: there is none that the caller may read.</exception>
    public async Task<StoredSchedule> FindAsync(HttpContext context, string id)
    {
        await askers.CheckReadableAsync(context, id);
        return await schedules.FindAsync(id, context.RequestAborted);
    }

    /// <summary>As <see cref="TrustedSchedules.FindScheduleAsync"/>.</summary>
    /// <exception cref="RequestFault">404: there is none that the caller may read. 410: the revision is not kept, or no longer.</exception>
    public async Task<StoredSchedule> FindScheduleAsync(HttpContext context, string id, string? revision = null)
    {
        await askers.CheckReadableAsync(context, id);
        return await schedules.FindScheduleAsync(id, revision, context.RequestAborted);
    }

    /// <summary>As <see cref="TrustedSchedules.KeepAsync"/>.</summary>
    public Task KeepAsync(HttpContext context, ScheduleView view) => schedules.KeepAsync(view, context.RequestAborted);

    /// <summary>
    /// What the caller calls the profile of a schedule; null for nothing, as for all who have no key: nobody knows which of them gave a name.
    /// </summary>
    public Task<string?> NameAsync(HttpContext context, string id) => askers.AreKept ? askers.NameAsync(context, id) : Task.FromResult<string?>(null);

    /// <summary>What is answered of what is stored and trusted.</summary>
    public Task<ScheduleView> ViewAsync(HttpContext context, StoredSchedule stored) => schedules.ViewAsync(stored, context.RequestAborted);

    /// <summary>As <see cref="ViewAsync"/>, without the operations of devices.</summary>
    public Task<ScheduleView> FiguresAsync(HttpContext context, StoredSchedule stored) =>
        schedules.ViewAsync(stored, withDevices: false, context.RequestAborted);

    /// <summary>Stops a search and waits until its row says so.</summary>
    /// <exception cref="RequestFault">404: there is none that the caller may read; 403: nor one that it may stop.</exception>
    public async Task<StoredSchedule> CancelAsync(HttpContext context, string id)
    {
        var outcome = "the client left";
        try
        {
            await FindAsync(context, id);
            await askers.CheckOwnAsync(context, id);
            await jobs.CancelAsync(id, context.RequestAborted);
            var left = await schedules.FindAsync(id, context.RequestAborted);
            outcome = left.Status;
            return left;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            outcome = $"refused, {exception.Message}";
            throw;
        }
        finally
        {
            audit.Tell(context, "cancel", id, outcome);
        }
    }
}
