using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Callbacks;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Batches;

/// <summary>Takes many requests at once, in the name of who sends them, where quotas and the server have room for all.</summary>
internal sealed class BatchIntake(BatchStore batches, BatchAccess access, CallbackStore callbacks, IOptions<BatchSettings> settings)
{
    private const int SecondsForBatches = 30;

    /// <summary>Takes a batch, all of it or nothing.</summary>
    /// <param name="context">The request.</param>
    /// <param name="requests">What it asks for.</param>
    /// <param name="beside">What is stored with the batch; nothing when null.</param>
    /// <exception cref="RequestFault">403: a request asks for more than a day's quota; 429: there is no room.</exception>
    public async Task<BatchRow> TakeAsync(HttpContext context, IReadOnlyList<SubmittedRequest> requests, Func<BatchRow, object>? beside = null)
    {
        access.CheckQuotas(context, requests);
        var (waiting, inFlight) = await batches.UnfinishedAsync(context.RequestAborted);
        if (waiting + inFlight + requests.Count > settings.Value.MaxWaiting)
        {
            throw new RequestFault(StatusCodes.Status429TooManyRequests, "Too many requests of batches are not done yet; nothing of this one was taken.")
            {
                RetryAfter = SecondsForBatches,
            };
        }

        await callbacks.CheckRoomAsync(requests.Count(request => request.Callback is not null), context.RequestAborted);
        var batch = await batches.AddAsync(await access.TakeAsync(context, requests), Caller.Of(context), context.RequestAborted, beside);
        access.Tell(context, batch, requests);
        return batch;
    }
}
