using Microsoft.Net.Http.Headers;

namespace ScheduleSearch.Api.Http;

/// <summary>Chooses the form of an answer by the header Accept, as RFC 9110 has it.</summary>
internal static class AcceptedType
{
    /// <summary>The media type that the request likes best: of those that it likes the same, the first that is offered. Says that the answer varies.</summary>
    /// <exception cref="RequestFault">406: it takes none of them.</exception>
    public static string Of(HttpContext context, IReadOnlyList<string> offered)
    {
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        var ranges = context.Request.GetTypedHeaders().Accept;
        if (ranges.Count == 0) return offered[0];
        var best = offered.MaxBy(type => QualityOf(type, ranges))!;
        return QualityOf(best, ranges) > 0
            ? best
            : throw new RequestFault(
                StatusCodes.Status406NotAcceptable, $"The header Accept takes nothing that there is here: {string.Join(", ", offered)}.");
    }

    /// <summary>The quality that the most specific range gives a type; 0 when none has it.</summary>
    private static double QualityOf(string type, IEnumerable<MediaTypeHeaderValue> ranges) => ranges
        .Where(range => range.MatchesAllTypes || range.MediaType == type
            || (range.MatchesAllSubTypes && type.StartsWith($"{range.Type}/", StringComparison.OrdinalIgnoreCase)))
        .OrderByDescending(range => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2)
        .Select(range => range.Quality ?? 1)
        .FirstOrDefault();
}
