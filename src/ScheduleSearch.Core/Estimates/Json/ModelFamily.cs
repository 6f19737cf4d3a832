using ScheduleSearch.Core.Estimates.Requests;

namespace ScheduleSearch.Core.Estimates.Json;

/// <summary>What a Hugging Face configuration leaves unsaid because all models of its type have it so.</summary>
/// <param name="Gated">Whether feed-forwards have a gate.</param>
/// <param name="Biases">Which products add a bias.</param>
/// <param name="Positions">Learned positions beyond <c>max_position_embeddings</c>; null where positions are not learned.</param>
/// <param name="Tied">Whether the head uses the embedding's weights unless the configuration says otherwise.</param>
internal sealed record ModelFamily(bool Gated = true, BiasKind Biases = BiasKind.None, int? Positions = null, bool Tied = false)
{
    private static readonly ModelFamily Llama = new();
    private static readonly ModelFamily Gpt = new(Gated: false, BiasKind.All, Positions: 0, Tied: true);

    private static readonly Dictionary<string, ModelFamily> ByType = new(StringComparer.Ordinal)
    {
        ["llama"] = Llama,
        ["mistral"] = Llama,
        ["mixtral"] = Llama,
        ["qwen3"] = Llama,
        ["qwen3_moe"] = Llama,
        ["deepseek"] = Llama,
        ["deepseek_v2"] = Llama,
        ["deepseek_v3"] = Llama,
        ["qwen2"] = new(Biases: BiasKind.Attention),
        ["qwen2_moe"] = new(Biases: BiasKind.Attention),
        ["gemma"] = new(Tied: true),
        ["gpt2"] = Gpt,
        ["gpt_neo"] = Gpt,
        ["opt"] = Gpt with { Positions = 2 },
        ["gpt_neox"] = Gpt with { Positions = null, Tied = false },
    };

    /// <summary>The types that are known.</summary>
    public static IEnumerable<string> Types => ByType.Keys;

    /// <summary>What holds of a type; of one that is not known, what holds of Llama.</summary>
    public static ModelFamily Of(string? type, out bool known)
    {
        known = ByType.TryGetValue(type ?? "", out var family);
        return family ?? Llama;
    }
}
