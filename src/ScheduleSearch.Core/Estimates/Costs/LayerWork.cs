namespace ScheduleSearch.Core.Estimates.Costs;

/// <summary>What one device does for a layer on one microbatch, and what it holds.</summary>
internal sealed record LayerWork
{
    /// <summary>The layer's name in the profile.</summary>
    public required string Name { get; init; }

    /// <summary>How many such layers follow one another.</summary>
    public int Count { get; init; } = 1;

    /// <summary>What kind of layer it is.</summary>
    public required LayerKind Kind { get; init; }

    /// <summary>Parameters of the layer but those of routed experts; shared weights count where they are used.</summary>
    public required decimal Parameters { get; init; }

    /// <summary>Parameters of its routed experts, all together.</summary>
    public decimal ExpertParameters { get; init; }

    /// <summary>Parameters that stand in another layer of the model as well.</summary>
    public decimal SharedParameters { get; init; }

    /// <summary>Floating-point operations of the forward's products with weights, but those of routed experts; each gradient has as many.</summary>
    public Quantity Products { get; init; } = Quantity.None;

    /// <summary>Floating-point operations of routed experts, of the forward.</summary>
    public Quantity Experts { get; init; } = Quantity.None;

    /// <summary>Floating-point operations of attention scores, of the forward.</summary>
    public Quantity Scores { get; init; } = Quantity.None;

    /// <summary>Floating-point operations of attention scores, of the input gradient.</summary>
    public Quantity ScoresBackward { get; init; } = Quantity.None;

    /// <summary>Bytes that kernels bound by memory read and write in the forward.</summary>
    public Quantity Traffic { get; init; } = Quantity.None;

    /// <summary>Bytes that kernels of scores read and write in the forward, where they leave the chip.</summary>
    public Quantity ScoreTraffic { get; init; } = Quantity.None;

    /// <summary>Bytes that kernels bound by memory read and write in the input gradient.</summary>
    public Quantity TrafficBackward { get; init; } = Quantity.None;

    /// <summary>Bytes that they read and write in the weight gradient.</summary>
    public Quantity TrafficOfWeights { get; init; } = Quantity.None;

    /// <summary>Seconds of collectives, of the forward; the input gradient has as many.</summary>
    public Quantity Collectives { get; init; } = Quantity.None;

    /// <summary>Seconds in which tokens travel to their experts and back, of the forward; the input gradient has as many.</summary>
    public Quantity Exchange { get; init; } = Quantity.None;

    /// <summary>Seconds in which experts of other devices are gathered, once for the forward and once for the backward.</summary>
    public Quantity Gather { get; init; } = Quantity.None;

    /// <summary>Seconds in which gradients of gathered experts are brought back and added, once in the backward.</summary>
    public Quantity Scatter { get; init; } = Quantity.None;

    /// <summary>Floating-point operations of the forward's products in attention, which gathered experts travel beside; each gradient has as many.</summary>
    public Quantity AttentionProducts { get; init; } = Quantity.None;

    /// <summary>Bytes that the forward leaves for the backward.</summary>
    public Quantity Activation { get; init; } = Quantity.None;

    /// <summary>Bytes between the input gradient and the weight gradient: inputs of products and gradients of their outputs.</summary>
    public Quantity Retained { get; init; } = Quantity.None;

    /// <summary>Bytes that the backward of one such layer holds for a while: what is made again, and gathered experts with their gradients.</summary>
    public double Remade { get; init; }

    /// <summary>The layer without the weights that stand in another one as well.</summary>
    public LayerWork WithoutShared() => this with { Parameters = Parameters - SharedParameters, SharedParameters = 0 };
}
