using Microsoft.AspNetCore.Http.Extensions;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Requests;

namespace ScheduleSearch.Api.Schedules;

/// <summary>Where an answer stands, and what else there is of its schedule: Content-Location and Link, as RFC 9110 and RFC 8288 have them.</summary>
internal static class ScheduleLinks
{
    /// <summary>Says where an answer stands, and leads from it to the streams of the very schedule that it has and to the events of its search.</summary>
    /// <param name="context">The request.</param>
    /// <param name="view">What is answered.</param>
    /// <param name="name">What the request calls the profile, which its picture then shows; null for nothing.</param>
    public static void Add(HttpContext context, ScheduleView view, string? name = null)
    {
        var path = $"/schedules/{view.Stored.Id}";
        var links = new List<string> { $"<{path}/events>; rel=\"monitor\"; type=\"text/event-stream\"; title=\"events\"" };
        if (view.Shown?.Revision is { } revision)
        {
            // What a search that goes on has found is kept for nobody.
            links.AddRange(StreamsOf(path, view.Stored.IsUnfinished ? default : QueryString.Create("revision", revision), name));
        }

        context.Response.Headers.ContentLocation = path;
        context.Response.Headers.Link = string.Join(", ", links);
    }

    /// <summary>Leads from what was found out of a schedule to its streams and its critical path.</summary>
    /// <param name="context">The request.</param>
    /// <param name="id">The id of the schedule.</param>
    /// <param name="revision">What names it.</param>
    /// <param name="name">What the request calls the profile, which its picture then shows; null for nothing.</param>
    public static void AddOf(HttpContext context, string id, string revision, string? name)
    {
        var (path, version) = ($"/schedules/{id}", QueryString.Create("revision", revision));
        context.Response.Headers.Link = string.Join(
            ", ",
            [.. StreamsOf(path, version, name), $"<{path}/critical-path{version}>; rel=\"related\"; type=\"application/json\"; title=\"critical path\""]);
    }

    /// <summary>The URL of a request with an id in the place of its first digits.</summary>
    public static string Here(HttpRequest request, string id) => $"/schedules/{id}{RestOf(request)}{request.QueryString}";

    /// <summary>The URL of the very stream that a request is answered with.</summary>
    /// <param name="request">The request, for the stream or for the schedule.</param>
    /// <param name="id">The id of the schedule.</param>
    /// <param name="asked">The stream.</param>
    /// <param name="revision">What names the schedule.</param>
    public static string OfStream(HttpRequest request, string id, AskedStream asked, string revision)
    {
        var (rest, query) = RestOf(request) is { Length: > 0 } stated
            ? (stated, new QueryBuilder(request.Query.Where(parameter => !parameter.Key.Equals("revision", StringComparison.OrdinalIgnoreCase))))
            : PlaceOf(asked);
        query.Add("revision", revision);
        return $"/schedules/{id}{rest}{query}";
    }

    private static IEnumerable<string> StreamsOf(string path, QueryString version, string? name)
    {
        var picture = name is null ? version : version.Add("name", name);
        yield return $"<{path}/timeline.svg{picture}>; rel=\"alternate\"; type=\"image/svg+xml\"; title=\"timeline\"";
        yield return $"<{path}/instructions{version}>; rel=\"alternate\"; type=\"application/json\"; title=\"instructions\"";
        yield return $"<{path}/runtime{version}>; rel=\"describedby\"; type=\"application/json\"; title=\"runtime\"";
    }

    /// <summary>Where a stream stands that was asked for at another place: a picture stands by itself, with its title.</summary>
    private static (string Place, QueryBuilder Query) PlaceOf(AskedStream asked)
    {
        var query = new QueryBuilder();
        if (asked.IsPicture)
        {
            if (asked.Name is { } name) query.Add("name", name);
            return ("/timeline.svg", query);
        }

        query.Add("format", asked.Format.Name);
        if (asked.Format.Version is { } version) query.Add("version", version);
        return ("/instructions", query);
    }

    /// <summary>What stands after the id, or after the word in its place.</summary>
    private static string RestOf(HttpRequest request) =>
        request.Path.Value!.Split('/', count: 4) is [_, _, _, var rest] ? $"/{rest}" : "";
}
