namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>The sizes of a transformer, as Megatron's arguments have them.</summary>
public sealed record ModelSizes
{
    /// <summary>h: width of what layers hand on, from 1 to 1,048,576.</summary>
    /// <example>4096</example>
    public required long Hidden { get; init; }

    /// <summary>L: decoder layers, from 1 to 2,048; those for multi-token prediction not counted.</summary>
    /// <example>32</example>
    public required int Layers { get; init; }

    /// <summary>a: attention heads, from 1 to 65,536.</summary>
    /// <example>32</example>
    public required long Heads { get; init; }

    /// <summary>Heads of keys and values, of which <c>heads</c> is a multiple. Default <c>heads</c>.</summary>
    /// <example>8</example>
    public long? KeyValueHeads { get; init; }

    /// <summary>Width of a head, from 1 to 65,536. Default <c>hidden</c> / <c>heads</c>.</summary>
    public long? HeadWidth { get; init; }

    /// <summary>The widths of multi-head latent attention; left out, keys and values are projected from the hidden state.</summary>
    public LatentAttention? Latent { get; init; }

    /// <summary>f: inner width of a dense feed-forward, from 1 to 16,777,216. Default 4 <c>hidden</c>.</summary>
    /// <example>14336</example>
    public long? FeedForward { get; init; }

    /// <summary>Whether the feed-forward has a gate beside its first product (SwiGLU and its kin). Default true.</summary>
    public bool Gated { get; init; } = true;

    /// <summary>V: entries of the vocabulary, from 1 to 16,777,216.</summary>
    /// <example>128256</example>
    public required long Vocabulary { get; init; }

    /// <summary>Whether the head uses the weights of the embedding. Default false.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Positions with a learned embedding of their own, 0 for none. Default 0.</summary>
    public long LearnedPositions { get; init; }

    /// <summary>Which products add a bias; with <c>all</c>, norms have one too. Default none.</summary>
    public BiasKind Biases { get; init; }

    /// <summary>Whether dropout keeps masks for the backward. Default false.</summary>
    public bool Dropout { get; init; }

    /// <summary>The experts of MoE layers; left out, all layers are dense.</summary>
    public ExpertSizes? Experts { get; init; }

    /// <summary>Layers for multi-token prediction after the others, from 0 to 64. Default 0.</summary>
    public int MtpLayers { get; init; }

    /// <summary>What had to be assumed of a configuration; null where nothing was.</summary>
    internal string? Assumed { get; init; }
}
