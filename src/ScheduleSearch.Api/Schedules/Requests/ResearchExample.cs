using System.Text.Json.Nodes;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>A request to start from, which goes with every schedule whose messages take latency alone: it is another one, and nothing else changes.</summary>
internal static class ResearchExample
{
    private const string Body = """{ "profile": { "times": { "communication": 0.25 } }, "options": { "timeLimitSeconds": 5 } }""";

    /// <summary>A body that research takes.</summary>
    public static JsonNode Request() => JsonNode.Parse(Body)!;
}
