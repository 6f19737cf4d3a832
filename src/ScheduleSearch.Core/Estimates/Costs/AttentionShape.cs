using ScheduleSearch.Core.Estimates.Requests;

namespace ScheduleSearch.Core.Estimates.Costs;

/// <summary>The matrices and widths of a layer's attention: grouped queries, or latents.</summary>
internal sealed class AttentionShape
{
    public AttentionShape(ModelSizes model)
    {
        var (hidden, heads) = (model.Hidden, model.Heads);
        var head = model.HeadWidth ?? hidden / heads;
        var (inner, outer) = (model.Biases != BiasKind.None, model.Biases == BiasKind.All);
        Heads = heads;
        if (model.Latent is { } latent)
        {
            var key = latent.KeyWidth + latent.RotaryWidth;
            (Queries, Keys, Values, Outputs) = (heads * key, heads * key, heads * latent.ValueWidth, heads * latent.ValueWidth);
            (KeyWidth, ValueWidth) = (key, latent.ValueWidth);
            Latents = latent.Query + latent.KeyValue + latent.RotaryWidth;
            NormParameters = latent.Query + latent.KeyValue;
            Matrices =
            [
                .. latent.Query > 0
                    ? new WeightMatrix[] { new("query down", hidden, latent.Query), new("query up", latent.Query, Queries) }
                    : [new("query", hidden, Queries)],
                new("key-value down", hidden, latent.KeyValue + latent.RotaryWidth),
                new("key-value up", latent.KeyValue, heads * (latent.KeyWidth + latent.ValueWidth)),
                new("output", Outputs, hidden),
            ];
            return;
        }

        var groups = model.KeyValueHeads ?? heads;
        (Queries, Keys, Values, Outputs) = (heads * head, groups * head, groups * head, heads * head);
        (KeyWidth, ValueWidth) = (head, head);
        Matrices = [new("qkv", hidden, Queries + Keys + Values, inner), new("output", Outputs, hidden, outer)];
    }

    /// <summary>a: heads.</summary>
    public long Heads { get; }

    /// <summary>Width of the queries of all heads.</summary>
    public long Queries { get; }

    /// <summary>Width of the keys of all groups.</summary>
    public long Keys { get; }

    /// <summary>Width of the values of all groups.</summary>
    public long Values { get; }

    /// <summary>Width of what attention hands to the output projection.</summary>
    public long Outputs { get; }

    /// <summary>Width of one head's query and key.</summary>
    public long KeyWidth { get; }

    /// <summary>Width of one head's value.</summary>
    public long ValueWidth { get; }

    /// <summary>Width of the latents, 0 where there are none.</summary>
    public long Latents { get; }

    /// <summary>Parameters of the norms within attention.</summary>
    public long NormParameters { get; }

    /// <summary>Its weights.</summary>
    public IReadOnlyList<WeightMatrix> Matrices { get; }
}
