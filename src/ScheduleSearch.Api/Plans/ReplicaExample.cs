using System.Text.Json.Nodes;

namespace ScheduleSearch.Api.Plans;

/// <summary>A request to start from: layers with much work and few weights before layers with many weights, on four devices.</summary>
internal static class ReplicaExample
{
    private const string Body =
        """
        {
          "profile": {
            "name": "convolutions before dense layers",
            "pipeline": { "devices": 4, "microbatches": 32 },
            "times": { "unit": "ms", "communication": { "bandwidth": 12 } },
            "layers": [
              { "name": "convolution", "count": 8, "forward": 3, "backwardInput": 3, "backwardWeight": 3, "output": 12 },
              { "name": "dense", "count": 3, "forward": 2, "backwardInput": 2, "backwardWeight": 2, "output": 0.5 }
            ]
          },
          "gradients": [4, 9000]
        }
        """;

    /// <summary>A body that the endpoint takes.</summary>
    public static JsonNode Request() => JsonNode.Parse(Body)!;
}
