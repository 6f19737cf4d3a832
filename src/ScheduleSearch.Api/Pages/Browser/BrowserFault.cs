using System.Text.Json;
using System.Text.Json.Nodes;

namespace ScheduleSearch.Api.Pages.Browser;

/// <summary>A problem that the service answered with, as the reader is told of it.</summary>
/// <param name="detail">What is wrong and what to do.</param>
/// <param name="errors">What is wrong with each member, by its path in the request.</param>
internal sealed class BrowserFault(string detail, IReadOnlyDictionary<string, IReadOnlyList<string>> errors) : Exception(detail)
{
    private const string NoAnswer = "The service does not answer. Look whether it runs, and try again.";

    /// <summary>What is wrong with each member, by its path in the request; empty when it is no member's fault.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors { get; } = errors;

    /// <summary>The fault that a problem document tells of.</summary>
    public static BrowserFault Of(string problem)
    {
        try
        {
            var document = JsonNode.Parse(problem) as JsonObject;
            var errors = (document?["errors"] as JsonObject)?.ToDictionary(
                error => error.Key,
                IReadOnlyList<string> (error) => [.. error.Value!.AsArray().Select(message => message!.GetValue<string>())]);
            return new BrowserFault(document?["detail"]?.GetValue<string>() ?? document?["title"]?.GetValue<string>() ?? NoAnswer, errors ?? []);
        }
        catch (JsonException)
        {
            return new BrowserFault(NoAnswer, new Dictionary<string, IReadOnlyList<string>>());
        }
    }
}
