using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;
using ScheduleSearch.Api.Http;

namespace ScheduleSearch.Api.Access;

/// <summary>The quota of requests a minute, which each process counts for itself.</summary>
internal static class RequestRate
{
    private const int SegmentsOfWindow = 6;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>What a request is counted with: the others of its caller. What is open to everybody, as health is, is not counted.</summary>
    public static RateLimitPartition<(string Caller, int Most)> Of(HttpContext context, CallerQuotas quotas)
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

    /// <summary>Answers a request that is one too many.</summary>
    public static async ValueTask RefuseAsync(OnRejectedContext rejected, CancellationToken cancellation)
    {
        // A window gives a place back with each of its segments.
        var after = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var left) ? left : Window / SegmentsOfWindow;
        var quotas = rejected.HttpContext.RequestServices.GetRequiredService<CallerQuotas>().Of(rejected.HttpContext);
        await HttpProblem
            .Of(StatusCodes.Status429TooManyRequests, $"The quota RequestsPerMinute is used up: {quotas.RequestsPerMinute} requests a minute.")
            .WriteAsync(rejected.HttpContext, (int)Math.Ceiling(Math.Max(1, after.TotalSeconds)));
    }
}
