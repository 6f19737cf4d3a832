namespace ScheduleSearch.Core.Features.Layers;

/// <summary>
/// What a layer keeps of its activation on a stage that recomputes, and what recomputing takes: of the whole of the stage, the sums of its layers.
/// </summary>
public sealed record LayerRecompute
{
    /// <summary>Time of recomputing, 0 or more. Default: that of the layer's forward.</summary>
    /// <example>3</example>
    public decimal? Time { get; init; }

    /// <summary>What is kept of its activation from the forward on, 0 or more and at most the activation.</summary>
    /// <example>0.1</example>
    public required decimal Kept { get; init; }
}
