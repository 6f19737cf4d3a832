using System.Text.Json.Nodes;

namespace ScheduleSearch.Api.Evaluations;

/// <summary>A request to start from, which goes with every schedule: uneven sequences, some jitter, and a link that is slow now and then.</summary>
internal static class EvaluationExample
{
    private const string Body =
        """
        {
          "replays": 1000, "seed": 0,
          "noise": { "operation": 0.03, "microbatch": 0.1, "slowDevices": [ { "device": 0, "factor": 1.05 } ], "spikes": { "probability": 0.01, "size": 1 } }
        }
        """;

    /// <summary>A body that evaluate takes.</summary>
    public static JsonNode Request() => JsonNode.Parse(Body)!;
}
