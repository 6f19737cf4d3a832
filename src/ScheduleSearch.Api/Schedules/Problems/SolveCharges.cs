using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Schedules.Problems;

/// <summary>Charges callers with the searches that they ask for, when one is needed to answer them.</summary>
internal sealed class SolveCharges(ScheduleStore store, SolveQuotas solves, IOptions<LimitSettings> limits)
{
    /// <summary>Charges a caller.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="quotas">What the caller may have.</param>
    /// <param name="id">The id of the problem or the choice.</param>
    /// <param name="asked">What may be spent on it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether this is what charged the caller.</returns>
    /// <exception cref="Http.RequestFault">429: a quota is used up.</exception>
    public async Task<bool> ChargeAsync(string caller, Quotas quotas, string id, Budget asked, CancellationToken cancellation)
    {
        if (!quotas.CountSolves) return false;
        if (await store.ProgressAsync(id, cancellation) is { } present && asked.IsMetBy(present)) return false;
        return await solves.ChargeAsync(caller, quotas, id, SecondsOf(asked), cancellation);
    }

    /// <summary>Takes back what a caller was charged that caused no search after all.</summary>
    public Task TakeBackAsync(string caller, string id, Budget asked) => solves.TakeBackAsync(caller, id, SecondsOf(asked), CancellationToken.None);

    /// <summary>The longest that a search may take. One that work limits is watched by the clock of the longest that the server takes.</summary>
    public double SecondsOf(Budget asked) => asked.Work > 0 ? limits.Value.MaxTimeLimitSeconds : asked.Seconds;
}
