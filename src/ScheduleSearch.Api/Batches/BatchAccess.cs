using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Batches;

/// <summary>What callers may do with batches: send them, and read and stop their own.</summary>
internal sealed class BatchAccess(Askers askers, CallerQuotas quotas, AuditLog audit)
{
    /// <summary>Takes a batch in a caller's name: the names of profiles stay with the key that gave them.</summary>
    /// <returns>The requests as they are stored.</returns>
    public async Task<IReadOnlyList<SubmittedRequest>> TakeAsync(HttpContext context, IReadOnlyList<SubmittedRequest> requests)
    {
        if (!askers.AreKept) return requests;
        foreach (var (submission, _, _) in requests) await askers.RecordAsync(context, submission.Ids, submission.Profile.Name);
        return [.. requests.Select(request => request with { Submission = request.Submission.Nameless() })];
    }

    /// <summary>Tells the audit of the requests of a batch that was taken.</summary>
    public void Tell(HttpContext context, BatchRow batch, IReadOnlyList<SubmittedRequest> requests)
    {
        foreach (var (submission, _, _) in requests) audit.Tell(context, "solve", submission.Id, $"taken in the batch {batch.Id}");
    }

    /// <summary>Tells the audit that a batch was stopped.</summary>
    public void TellCanceled(HttpContext context, BatchRow batch) => audit.Tell(context, "cancel", batch.Id.ToString(), "the batch is canceled");

    /// <summary>Sees to it that a caller may send batches.</summary>
    /// <exception cref="RequestFault">403: the caller's solves are counted, which those of batches cannot be while they wait.</exception>
    public void CheckSender(HttpContext context)
    {
        if (!quotas.Of(context).CountSolves) return;
        throw new RequestFault(
            StatusCodes.Status403Forbidden, "The solves of this caller are counted by a quota, and those of a batch would not be: send them one by one.");
    }

    /// <summary>Whether a caller may read a batch.</summary>
    public bool CanRead(HttpContext context, BatchRow batch) => !askers.ReaderOf(context).IsConfined || batch.Caller == Caller.Of(context);

    /// <summary>Sees to it that a caller may stop a batch.</summary>
    /// <exception cref="RequestFault">403: it is another key's.</exception>
    public void CheckOwner(HttpContext context, BatchRow batch)
    {
        if (!askers.AreKept || batch.Caller == Caller.Of(context) || context.Features.Get<ActiveKey>() is { Role: AccessRole.Admin }) return;
        throw new RequestFault(StatusCodes.Status403Forbidden, "Another key sent this batch; that one or an admin's stops it.");
    }
}
