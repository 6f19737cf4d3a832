using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Batches;

/// <summary>What callers may do with batches: send them, and read and stop their own.</summary>
internal sealed class BatchAccess(Askers askers, CallerQuotas quotas, SolveCharges charges, AuditLog audit)
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

    /// <summary>Sees to it that a caller's quotas have room for each request of a batch, one after the other, on some day.</summary>
    /// <exception cref="RequestFault">403: a request asks for more than a whole day's seconds.</exception>
    public void CheckQuotas(HttpContext context, IReadOnlyList<SubmittedRequest> requests)
    {
        if (quotas.Of(context).SolverSecondsPerDay is not { } most) return;
        for (var index = 0; index < requests.Count; index++)
        {
            var seconds = charges.SecondsOf(Budget.Of(requests[index].Options));
            if (seconds <= most) continue;
            throw new RequestFault(
                StatusCodes.Status403Forbidden,
                FormattableString.Invariant($"The quota SolverSecondsPerDay is {most}: request {index} asks for {seconds:0.#} seconds of search, ")
                    + "which no day has.");
        }
    }

    /// <summary>Charges who sent a batch with one of its requests.</summary>
    public async Task<BatchCharge> ChargeAsync(WaitingItem waiting, Budget asked, CancellationToken cancellation)
    {
        if (waiting.Caller is not { } caller) return BatchCharge.Free;
        if (await quotas.OfAsync(caller, cancellation) is not { } allowed) return BatchCharge.KeyRevoked;
        try
        {
            return await charges.ChargeAsync(caller, allowed, waiting.Item.ScheduleId, asked, cancellation) ? BatchCharge.Charged : BatchCharge.Free;
        }
        catch (RequestFault fault) when (fault.Status == StatusCodes.Status429TooManyRequests)
        {
            return BatchCharge.NoRoom;
        }
    }

    /// <summary>Takes back what a request was charged that caused no search after all.</summary>
    public Task TakeBackAsync(WaitingItem waiting, Budget asked) => charges.TakeBackAsync(waiting.Caller!, waiting.Item.ScheduleId, asked);

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
