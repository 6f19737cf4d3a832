namespace ScheduleSearch.Core.Features.Layers.Layouts;

/// <summary>What a layer is to a runtime.</summary>
public enum LayerRole
{
    /// <summary>A decoder layer: every layer whose name says nothing else.</summary>
    Decoder,

    /// <summary>The input embedding.</summary>
    Embedding,

    /// <summary>A layer that predicts further tokens (multi-token prediction).</summary>
    Prediction,

    /// <summary>The output layer with the loss.</summary>
    Head,
}
