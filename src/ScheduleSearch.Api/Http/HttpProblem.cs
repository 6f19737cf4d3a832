using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace ScheduleSearch.Api.Http;

/// <summary>An error, as RFC 9457 has it.</summary>
/// <param name="Title">The kind of error.</param>
/// <param name="Status">The status code.</param>
/// <param name="Detail">What is wrong with this request.</param>
/// <param name="Errors">For every offending member, by its JSON path or parameter name, what is wrong with it.</param>
internal sealed record HttpProblem(string Title, int Status, string Detail, IReadOnlyDictionary<string, string[]>? Errors = null)
{
    public const string MediaType = "application/problem+json";

    /// <summary>The kind of error as a URI: none but the status says more.</summary>
    public string Type => "about:blank";

    public static HttpProblem Of(int status, string detail, IReadOnlyDictionary<string, string[]>? errors = null) =>
        new(ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase ? phrase : "Error", status, detail, errors);

    /// <summary>Answers with this problem, whatever the request accepts.</summary>
    public Task WriteAsync(HttpContext context, int? retryAfter)
    {
        context.Response.StatusCode = Status;
        context.Response.ContentType = MediaType;
        context.Response.Headers.CacheControl = "no-store";
        if (retryAfter is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        // It is short, and nobody is there to be told that it was not sent.
        return JsonSerializer.SerializeAsync(context.Response.BodyWriter, this, AnswerJson.Readable, CancellationToken.None);
    }
}
