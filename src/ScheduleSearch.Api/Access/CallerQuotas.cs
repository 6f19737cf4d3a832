using Microsoft.Extensions.Options;

namespace ScheduleSearch.Api.Access;

/// <summary>The quotas of who sends a request: its key's own, else those of the settings.</summary>
internal sealed class CallerQuotas(IOptions<AccessSettings> settings)
{
    public Quotas Of(HttpContext context) => context.Features.Get<ActiveKey>() switch
    {
        { IsOwn: true } => default,
        var key => (key?.Quotas ?? default).Else(settings.Value.Quotas),
    };
}
