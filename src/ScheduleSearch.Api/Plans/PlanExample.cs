using System.Text.Json.Nodes;

namespace ScheduleSearch.Api.Plans;

/// <summary>A request to start from: Llama 3 8B on four nodes, one of which hangs on slower links.</summary>
internal static class PlanExample
{
    private const string Body =
        """
        {
          "base": {
            "config": {
              "model_type": "llama", "hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
              "intermediate_size": 14336, "vocab_size": 128256, "tie_word_embeddings": false
            },
            "sequence": 8192, "device": "H100", "optimizer": { "sharding": "distributed" }
          },
          "cluster": {
            "nodes": 4, "devicesPerNode": 8,
            "linkInside": { "bandwidth": 450, "latency": 0.005 },
            "linkBetween": { "bandwidth": [[0, 50, 12, 50], [50, 0, 12, 50], [12, 12, 0, 12], [50, 50, 12, 0]], "latency": 0.02 }
          },
          "globalBatch": 128, "microbatchSizes": [1, 2], "pipelineParallel": [1, 2, 4, 8], "split": "search", "search": 3,
          "options": { "timeLimitSeconds": 6 }
        }
        """;

    /// <summary>A body that plan takes.</summary>
    public static JsonNode Request() => JsonNode.Parse(Body)!;
}
