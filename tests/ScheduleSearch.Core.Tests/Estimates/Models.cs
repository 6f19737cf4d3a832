using System.Text.Json;
using System.Text.Json.Nodes;
using ScheduleSearch.Core.Estimates;
using ScheduleSearch.Core.Estimates.Json;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Tests.Estimates;

/// <summary>Models as their publishers configure them, and requests for estimates of them.</summary>
internal static class Models
{
    public const string Llama8 =
        """
        { "model_type": "llama", "hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8, "intermediate_size": 14336,
          "vocab_size": 128256, "tie_word_embeddings": false, "rope_theta": 500000.0, "architectures": ["LlamaForCausalLM"] }
        """;

    public const string Llama70 =
        """
        { "model_type": "llama", "hidden_size": 8192, "num_hidden_layers": 80, "num_attention_heads": 64, "num_key_value_heads": 8, "intermediate_size": 28672,
          "vocab_size": 128256, "tie_word_embeddings": false }
        """;

    public const string Mixtral =
        """
        { "model_type": "mixtral", "hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
          "intermediate_size": 14336, "vocab_size": 32000, "num_local_experts": 8, "num_experts_per_tok": 2, "sliding_window": null }
        """;

    public const string DeepSeekV3 =
        """
        { "model_type": "deepseek_v3", "hidden_size": 7168, "num_hidden_layers": 61, "num_attention_heads": 128, "num_key_value_heads": 128,
          "intermediate_size": 18432, "vocab_size": 129280, "n_routed_experts": 256, "num_experts_per_tok": 8, "moe_intermediate_size": 2048,
          "n_shared_experts": 1, "first_k_dense_replace": 3, "q_lora_rank": 1536, "kv_lora_rank": 512, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64,
          "v_head_dim": 128, "num_nextn_predict_layers": 0, "quantization_config": { "weight_block_size": [128, 128] } }
        """;

    /// <summary>The usual transformer of width 1024: feed-forward 4096, biases, dropout.</summary>
    public const string Gpt = """{ "hidden": 1024, "layers": 24, "heads": 16, "vocabulary": 50304, "gated": false, "biases": "all", "dropout": true }""";

    /// <summary>A device of round numbers: 10^12 FLOP/s, memory and links of 1 GB/s.</summary>
    public const string Round =
        """
        { "flopsPerSecond": 1e12, "memory": 80, "memoryBandwidth": 1, "linkBandwidth": 1, "networkBandwidth": 0.1, "devicesPerNode": 8, "efficiency": 1,
          "memoryEfficiency": 1 }
        """;

    /// <summary>The estimate of a model on 2,048 tokens and one rank, but for what is said otherwise.</summary>
    /// <param name="model">A configuration, or sizes.</param>
    /// <param name="more">Members in the place of those, or beside them.</param>
    public static Estimate Estimate(string model, string more = "{}") => Estimator.Of(EstimateJson.Read(Request(model, more), ProblemLimits.Default));

    /// <summary>The errors of a request.</summary>
    public static IReadOnlyList<ProfileError> Errors(string model, string more)
    {
        try
        {
            EstimateJson.Read(Request(model, more), ProblemLimits.Default);
        }
        catch (InvalidProfileException invalid)
        {
            return invalid.Errors;
        }

        return [];
    }

    private static JsonElement Request(string model, string more)
    {
        var sizes = JsonNode.Parse(model)!;
        var request = new JsonObject
        {
            [sizes["hidden"] is null ? "config" : "model"] = sizes,
            ["sequence"] = 2048,
            ["device"] = "H100",
            ["pipeline"] = new JsonObject { ["devices"] = 1, ["microbatches"] = 8 },
        };
        foreach (var (name, value) in JsonNode.Parse(more)!.AsObject()) request[name] = value?.DeepClone();
        return JsonSerializer.SerializeToElement(request);
    }
}
