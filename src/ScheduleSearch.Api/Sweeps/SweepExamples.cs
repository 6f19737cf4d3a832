using System.Text.Json.Nodes;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>Bodies of sweeps to start from.</summary>
internal static class SweepExamples
{
    private const string Profile = """
        {
          "pipeline": { "devices": 4, "chunks": 1, "placement": "linear", "microbatches": 8 },
          "times": { "unit": "ms", "forward": 10, "backwardInput": 11, "backwardWeight": 9, "communication": 0.6 },
          "memory": { "unit": "GiB", "activation": 1, "retained": 0.4 }
        }
        """;

    /// <summary>Two placements at six limits: what each costs in time and memory.</summary>
    public static JsonObject Sweep() => new()
    {
        ["base"] = new JsonObject { ["profile"] = JsonNode.Parse(Profile) },
        ["axes"] = JsonNode.Parse("""
            {
              "profile": [
                { "pipeline": { "placement": "linear", "chunks": 1 } },
                {
                  "pipeline": { "placement": "v", "chunks": 2 }, "times": { "forward": 5, "backwardInput": 5.5, "backwardWeight": 4.5 },
                  "memory": { "activation": 0.5, "retained": 0.2 }
                }
              ],
              "memory.limit": { "from": 1.5, "to": 6.5, "steps": 6 }
            }
            """),
        ["timeLimitSeconds"] = 1,
        ["tokens"] = 4096,
        ["price"] = 2.5,
    };

    /// <summary>How much memory it takes to be as fast as with any amount of it.</summary>
    public static JsonObject LeastMemory() => new()
    {
        ["profile"] = JsonNode.Parse(Profile),
        ["options"] = new JsonObject { ["timeLimitSeconds"] = 5 },
        ["within"] = 0,
    };
}
