using Microsoft.Extensions.Options;

namespace ScheduleSearch.Api.Access;

/// <summary>The quotas of callers: their keys' own, else those of the settings.</summary>
internal sealed class CallerQuotas(KeyRing keys, OwnKey own, IOptions<AccessSettings> settings)
{
    /// <summary>The quotas of who sends a request.</summary>
    public Quotas Of(HttpContext context) => Of(context.Features.Get<ActiveKey>());

    /// <summary>The quotas of who sent a request before, by what <see cref="Caller.Of"/> said then.</summary>
    /// <returns>Null when it was a key that is revoked.</returns>
    public async ValueTask<Quotas?> OfAsync(string caller, CancellationToken cancellation)
    {
        if (caller == own.Key.Id) return Of(own.Key);
        if (!settings.Value.RequireKeys || !ApiKey.IsId(caller)) return Of(key: null);
        return await keys.OfIdAsync(caller, cancellation) is { } key ? Of(key) : null;
    }

    private Quotas Of(ActiveKey? key) => key is { IsOwn: true } ? default : (key?.Quotas ?? default).Else(settings.Value.Quotas);
}
