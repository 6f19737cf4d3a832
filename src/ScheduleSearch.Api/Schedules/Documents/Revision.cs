using System.Security.Cryptography;
using System.Text;
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
    /// <param name="immutable">Whether the answer at this URL can never change.</param>
    /// <param name="form">What else the answer depends on, such as its format and the name that it shows; null for nothing.</param>
    /// <returns>Whether the client has this revision already, so that 304 is the answer.</returns>
    public static bool IsKnown(HttpContext context, RowVersion version, bool immutable, string? form = null)
    {
        // Weak, because the same revision is sent compressed and plain.
        var tag = new EntityTagHeaderValue($"\"{version.CreatedAt.Ticks:x}-{version.Revision}{TagOf(form)}\"", isWeak: true);
        var headers = new ResponseHeaders(context.Response.Headers) { ETag = tag };
        // What takes a key is kept for nobody but its sender.
        var isForKey = context.User.Identity is { IsAuthenticated: true };
        headers.CacheControl = immutable
            ? new CacheControlHeaderValue
            {
                Public = !isForKey,
                Private = isForKey,
                MaxAge = TimeSpan.FromDays(365),
                Extensions = { new NameValueHeaderValue("immutable") },
            }
            : new CacheControlHeaderValue { NoCache = true };
        // The answer to a POST is made for it, whatever the client has.
        return HttpMethods.IsGet(context.Request.Method) && context.Request.GetTypedHeaders().IfNoneMatch
            .Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false));
    }

    private static string TagOf(string? form) => form is null ? "" : $"-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(form)))[..16]}";
}
