namespace ScheduleSearch.Core.Estimates.Costs;

/// <summary>The kinds of layers of a transformer.</summary>
internal enum LayerKind
{
    /// <summary>The input embedding.</summary>
    Embedding,

    /// <summary>Attention and a dense feed-forward.</summary>
    Dense,

    /// <summary>Attention and experts.</summary>
    Moe,

    /// <summary>A layer that predicts a further token (multi-token prediction), with its own pass through the head.</summary>
    Mtp,

    /// <summary>The last norm, the output layer and the loss.</summary>
    Head,
}
