using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Schedules.Problems;

/// <summary>Charges who sends a request with the search that it asks for, when one is needed to answer it.</summary>
internal sealed class SolveCharges(ScheduleStore store, CallerQuotas quotas, SolveQuotas solves, IOptions<LimitSettings> limits)
{
    /// <summary>Charges the caller.</summary>
    /// <returns>Whether this request is what charged the caller.</returns>
    /// <exception cref="Http.RequestFault">429: a quota is used up.</exception>
    public async Task<bool> ChargeAsync(HttpContext context, Submission submission, SolveOptions options)
    {
        var allowed = quotas.Of(context);
        if (!allowed.CountSolves) return false;
        if (await store.ProgressAsync(submission.Id, context.RequestAborted) is { } present && Budget.Of(options).IsMetBy(present)) return false;
        return await solves.ChargeAsync(Caller.Of(context), allowed, submission.Id, SecondsOf(options), context.RequestAborted);
    }

    /// <summary>Takes back what a request was charged that caused no search after all.</summary>
    public Task TakeBackAsync(HttpContext context, Submission submission, SolveOptions options) =>
        solves.TakeBackAsync(Caller.Of(context), submission.Id, SecondsOf(options), CancellationToken.None);

    /// <summary>The longest that a search may take. One that work limits is watched by the clock of the longest that the server takes.</summary>
    private double SecondsOf(SolveOptions options) => options switch
    {
        { Family: not null } => 0,
        { WorkLimit: not null } => limits.Value.MaxTimeLimitSeconds,
        _ => options.TimeLimitSeconds,
    };
}
