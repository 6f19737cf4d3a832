using System.Text.Json.Nodes;

namespace ScheduleSearch.Api.Estimates;

/// <summary>A request to start from: Llama 3 70B by its configuration, on eight pipeline ranks of eight devices each.</summary>
internal static class EstimateExample
{
    private const string Body =
        """
        {
          "name": "llama-3-70b",
          "config": {
            "model_type": "llama", "hidden_size": 8192, "num_hidden_layers": 80, "num_attention_heads": 64, "num_key_value_heads": 8,
            "intermediate_size": 28672, "vocab_size": 128256, "tie_word_embeddings": false, "rope_theta": 500000.0
          },
          "sequence": 8192, "microbatchSize": 1, "tensorParallel": 8, "dataParallel": 4, "dtype": "bf16",
          "optimizer": { "name": "adam", "sharding": "distributed" }, "attention": "flash", "recompute": "none", "device": "H100",
          "pipeline": { "devices": 8, "chunks": 1, "microbatches": 32 }
        }
        """;

    /// <summary>A body that estimate takes.</summary>
    public static JsonNode Request() => JsonNode.Parse(Body)!;
}
