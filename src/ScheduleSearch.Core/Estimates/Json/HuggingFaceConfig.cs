using ScheduleSearch.Core.Estimates.Requests;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Estimates.Json;

/// <summary>Reads the sizes of a model out of a Hugging Face <c>config.json</c>: members that say nothing of sizes are not looked at.</summary>
internal static class HuggingFaceConfig
{
    private const int LongestType = 100;

    /// <summary>The sizes; null when one is wrong or missing.</summary>
    public static ModelSizes? Read(JsonMembers members)
    {
        members.IgnoreOthers();
        var type = members.Optional("model_type")?.Text(LongestType);
        var family = ModelFamily.Of(type, out var known);
        var hidden = members.Size(SizeMembers.MostHidden, "hidden_size", "n_embd", "d_model");
        var layers = members.Size(SizeMembers.MostLayers, "num_hidden_layers", "n_layer", "num_layers");
        var heads = members.Size(SizeMembers.MostHeads, "num_attention_heads", "n_head", "num_heads");
        var vocabulary = members.Size(SizeMembers.MostWide, "vocab_size");
        var inner = members.SizeOr(null, 1, SizeMembers.MostWide, "intermediate_size", "ffn_dim", "n_inner");
        var positions = members.SizeOr(null, 1, SizeMembers.MostWide, "max_position_embeddings", "n_positions");
        var biased = members.FlagOr("attention_bias", otherwise: false);
        var model = new ModelSizes
        {
            Hidden = hidden ?? 1,
            Layers = (int)(layers ?? 1),
            Heads = heads ?? 1,
            KeyValueHeads = members.SizeOr(null, 1, SizeMembers.MostHeads, "num_key_value_heads"),
            HeadWidth = members.SizeOr(null, 1, SizeMembers.MostHeads, "head_dim"),
            Latent = LatentOf(members),
            FeedForward = inner,
            Gated = family.Gated,
            Vocabulary = vocabulary ?? 1,
            TiedEmbeddings = members.FlagOr("tie_word_embeddings", family.Tied) ?? false,
            LearnedPositions = family.Positions is { } more ? (positions ?? 0) + more : 0,
            Biases = biased == true && family.Biases == BiasKind.None ? BiasKind.Attention : family.Biases,
            Dropout = HasDropout(members),
            Experts = ExpertsOf(members, inner),
            MtpLayers = (int)(members.SizeOr(0, 0, SizeMembers.MostMtpLayers, "num_nextn_predict_layers") ?? 0),
            Assumed = known ? null : $"config.model_type is not one of {string.Join(", ", ModelFamily.Types)}: read as a Llama, with gates and without biases.",
        };
        return hidden is null || layers is null || heads is null || vocabulary is null ? null : model;
    }

    private static LatentAttention? LatentOf(JsonMembers members)
    {
        if (members.Optional("kv_lora_rank") is not { } keyValue) return null;
        return new(
            members.SizeOr(0, 0, SizeMembers.MostWide, "q_lora_rank") ?? 0,
            keyValue.Whole(1, SizeMembers.MostWide) ?? 1,
            members.Size(SizeMembers.MostHeads, "qk_nope_head_dim") ?? 1,
            members.Size(SizeMembers.MostHeads, "qk_rope_head_dim") ?? 1,
            members.Size(SizeMembers.MostHeads, "v_head_dim") ?? 1);
    }

    private static ExpertSizes? ExpertsOf(JsonMembers members, long? inner)
    {
        if (members.FirstOf(["num_local_experts", "n_routed_experts", "num_experts"]) is not { } count) return null;
        var experts = count.Whole(0, SizeMembers.MostHeads);
        if (experts == 0) return null;
        var topK = members.Size(SizeMembers.MostHeads, "num_experts_per_tok", "num_experts_per_token", "moe_k");
        var width = members.SizeOr(inner, 1, SizeMembers.MostWide, "moe_intermediate_size");
        var shared = members.SizeOr(0, 0, SizeMembers.MostHeads, "n_shared_experts") ?? 0;
        return new()
        {
            Count = experts ?? 1,
            TopK = topK ?? 1,
            FeedForward = width,
            SharedFeedForward = members.SizeOr(shared * (width ?? 0), 0, SizeMembers.MostWide, "shared_expert_intermediate_size") ?? 0,
            FirstDense = (int)(members.SizeOr(0, 0, SizeMembers.MostLayers, "first_k_dense_replace") ?? 0),
        };
    }

    /// <summary>Whether any of the probabilities is above 0.</summary>
    private static bool HasDropout(JsonMembers members)
    {
        var has = false;
        foreach (var name in (string[])["dropout", "attention_dropout", "resid_pdrop", "attn_pdrop", "hidden_dropout"])
            has |= members.Optional(name)?.Number(0, above: false, 1, "a number from 0 to 1") > 0;
        return has;
    }
}
