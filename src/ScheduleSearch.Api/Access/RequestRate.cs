using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using ScheduleSearch.Api.Http;

namespace ScheduleSearch.Api.Access;

/// <summary>The quota of requests a minute, which each process counts for itself.</summary>
/// <remarks>
/// The middleware that ASP.NET Core has for its limiters is not used: it ends neither its own timer nor that of the limiter that it is given, so
/// a service that has ended stays in the memory of its process.
/// </remarks>
internal sealed class RequestRate(CallerQuotas quotas) : IDisposable
{
    private const int SegmentsOfWindow = 6;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<HttpContext> _limiter =
        PartitionedRateLimiter.Create<HttpContext, (string, int)>(context => PartitionOf(context, quotas));

    /// <summary>Counts a request, and answers one that is too many.</summary>
    public async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        using var lease = _limiter.AttemptAcquire(context);
        if (lease.IsAcquired) await next(context);
        else await RefuseAsync(context, lease);
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();

    /// <summary>What a request is counted with: the others of its caller. What is open to everybody, as health is, is not counted.</summary>
    private static RateLimitPartition<(string Caller, int Most)> PartitionOf(HttpContext context, CallerQuotas quotas)
    {
        var isOpen = context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        return isOpen || quotas.Of(context).RequestsPerMinute is not { } most
            ? RateLimitPartition.GetNoLimiter(("", 0))
            : RateLimitPartition.GetSlidingWindowLimiter((Caller.Of(context), most), _ => new SlidingWindowRateLimiterOptions
            {
                PermitLimit = most,
                Window = Window,
                SegmentsPerWindow = SegmentsOfWindow,
            });
    }

    private async Task RefuseAsync(HttpContext context, RateLimitLease lease)
    {
        // A window gives a place back with each of its segments.
        var after = lease.TryGetMetadata(MetadataName.RetryAfter, out var left) ? left : Window / SegmentsOfWindow;
        await HttpProblem
            .Of(StatusCodes.Status429TooManyRequests, $"The quota RequestsPerMinute is used up: {quotas.Of(context).RequestsPerMinute} requests a minute.")
            .WriteAsync(context, (int)Math.Ceiling(Math.Max(1, after.TotalSeconds)));
    }
}
