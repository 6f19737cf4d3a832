using ScheduleSearch.Core.Estimates.Requests;

namespace ScheduleSearch.Core.Estimates.Costs;

/// <summary>The layers of a model in order.</summary>
internal static class ModelLayers
{
    /// <summary>Embedding, dense decoder layers, those with experts, those for multi-token prediction, head.</summary>
    public static IReadOnlyList<LayerWork> Of(EstimateRequest request)
    {
        var model = request.Model;
        var dense = model.Experts is { } experts ? Math.Min(experts.FirstDense, model.Layers) : model.Layers;
        var plain = new DecoderLayer(request, FeedForwardShape.Of(model, routed: false));
        var routed = new DecoderLayer(request, FeedForwardShape.Of(model, routed: true));
        List<LayerWork> layers = [EdgeLayers.Embedding(request)];
        if (dense > 0) layers.Add(plain.Work("decoder", LayerKind.Dense, dense));
        if (dense < model.Layers) layers.Add(routed.Work("decoder", LayerKind.Moe, model.Layers - dense));
        if (model.MtpLayers > 0) layers.Add(EdgeLayers.Mtp(request, routed.Work("mtp", LayerKind.Mtp, model.MtpLayers)));
        layers.Add(EdgeLayers.Head(request));
        return layers;
    }
}
