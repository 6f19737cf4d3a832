using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Schedules.Documents;

/// <summary>Lets clients keep what has not changed.</summary>
internal static class Revision
{
    /// <summary>Tags an answer with its version.</summary>
    /// <param name="context">The request.</param>
    /// <param name="version">What is answered.</param>
    /// <param name="immutable">Whether the answer can never change.</param>
    /// <returns>Whether the client has this revision already, so that 304 is the answer.</returns>
    public static bool IsKnown(HttpContext context, RowVersion version, bool immutable)
    {
        // Weak, because the same revision is sent compressed and plain.
        var tag = new EntityTagHeaderValue($"\"{version.CreatedAt.Ticks:x}-{version.Revision}\"", isWeak: true);
        var headers = new ResponseHeaders(context.Response.Headers) { ETag = tag };
        headers.CacheControl = immutable
            ? new CacheControlHeaderValue { Public = true, MaxAge = TimeSpan.FromDays(365), Extensions = { new NameValueHeaderValue("immutable") } }
            : new CacheControlHeaderValue { NoCache = true };
        return context.Request.GetTypedHeaders().IfNoneMatch
            .Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false));
    }
}
