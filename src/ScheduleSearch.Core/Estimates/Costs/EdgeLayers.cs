using ScheduleSearch.Core.Estimates.Requests;

namespace ScheduleSearch.Core.Estimates.Costs;

/// <summary>The layers at the ends of a model: the input embedding and the head.</summary>
internal static class EdgeLayers
{
    private const int BytesOfId = 8;

    /// <summary>Reads and writes of a logit in single precision: cast, largest and sum, exponential (2).</summary>
    private const int PassesOfLoss = 4, PassesOfLossGradient = 2;

    private const int SingleBytes = 4;

    /// <summary>The input embedding: a read and a write of each token's row, and its gradient added to the weights.</summary>
    public static LayerWork Embedding(EstimateRequest request)
    {
        var (model, tokens, bytes, tensor) = (request.Model, request.Tokens, request.ActivationBytes, request.Parallel.Whole);
        var rows = $"{Quantity.Plain(tokens)} tokens·{model.Hidden}·{bytes} bytes{Over(tensor)}";
        var row = tokens * model.Hidden * bytes / tensor;
        return new()
        {
            Name = "embedding",
            Kind = LayerKind.Embedding,
            Parameters = (decimal)(model.Vocabulary + model.LearnedPositions) * model.Hidden,
            Traffic = Quantity.Of(2 * row, $"memory 2·{rows}", "B"),
            TrafficOfWeights = Quantity.Of(3 * row, $"memory 3·{rows}", "B"),
            Activation = Quantity.Of(tokens * BytesOfId, $"ids {Quantity.Plain(tokens)} tokens·{BytesOfId} bytes", "B"),
            Retained = Quantity.Of(row + tokens * BytesOfId, $"ids {Quantity.Plain(tokens)} tokens·{BytesOfId} bytes and gradients {rows}", "B"),
        };
    }

    /// <summary>The last norm, the output layer, and the loss in single precision.</summary>
    public static LayerWork Head(EstimateRequest request)
    {
        var model = request.Model;
        var whole = (decimal)model.Vocabulary * model.Hidden;
        return Pass(request) with
        {
            Name = "head",
            Kind = LayerKind.Head,
            Parameters = DecoderLayer.NormParameters(model) + whole,
            SharedParameters = model.TiedEmbeddings ? whole : 0,
        };
    }

    /// <summary>
    /// A layer that predicts a further token: the hidden state and the next token's embedding are normed, joined and projected, pass a decoder layer, and then
    /// the head, whose weights are shared (DeepSeek-V3, arXiv 2412.19437).
    /// </summary>
    /// <param name="request">What is asked.</param>
    /// <param name="decoder">The work of its decoder layer.</param>
    public static LayerWork Mtp(EstimateRequest request, LayerWork decoder)
    {
        var (model, tokens, bytes, tensor) = (request.Model, request.Tokens, request.ActivationBytes, request.Parallel.Tensor);
        var (head, width) = (Pass(request), 2.0 * model.Hidden);
        var projection = Quantity.Of(
            2 * tokens * width * model.Hidden / tensor,
            $"projection 2·{Quantity.Plain(tokens)} tokens·2·{model.Hidden}·{model.Hidden}{Over(tensor)}",
            "FLOP");
        var joined = Quantity.Of(
            tokens * 2 * width * bytes / request.Parallel.Whole, $"joined states {Quantity.Plain(tokens)} tokens·4·{model.Hidden}·{bytes} bytes", "B");
        return decoder with
        {
            Parameters = decoder.Parameters + 2 * (decimal)model.Hidden * model.Hidden + 3 * DecoderLayer.NormParameters(model),
            Products = decoder.Products + projection + head.Products,
            Traffic = decoder.Traffic + head.Traffic,
            TrafficBackward = decoder.TrafficBackward + head.TrafficBackward,
            TrafficOfWeights = decoder.TrafficOfWeights + head.TrafficOfWeights,
            Activation = decoder.Activation + joined + head.Activation,
            Retained = decoder.Retained + joined + head.Retained,
        };
    }

    /// <summary>A norm, the output layer and the loss, without their weights.</summary>
    private static LayerWork Pass(EstimateRequest request)
    {
        var (model, tokens, bytes, tensor, whole) =
            (request.Model, request.Tokens, request.ActivationBytes, request.Parallel.Tensor, request.Parallel.Whole);
        var (logits, hidden) = (tokens * model.Vocabulary / tensor, tokens * model.Hidden / whole);
        var entries = $"{Quantity.Plain(tokens)} tokens·{model.Vocabulary}{Over(tensor)}";
        var states = $"{Quantity.Plain(tokens)} tokens·{model.Hidden}{Over(whole)}";
        return new()
        {
            Name = "",
            Kind = LayerKind.Head,
            Parameters = 0,
            Products = Quantity.Of(2 * tokens * model.Hidden * model.Vocabulary / tensor, $"output layer 2·{entries}·{model.Hidden}", "FLOP"),
            Traffic = Quantity.Of(
                logits * (2 * bytes + PassesOfLoss * SingleBytes) + 2 * hidden * bytes,
                $"logits {entries}·(2·{bytes} + {PassesOfLoss}·{SingleBytes} bytes) and norm 2·{states}·{bytes} bytes", "B"),
            TrafficBackward = Quantity.Of(
                logits * (2 * bytes + PassesOfLossGradient * SingleBytes) + 4 * hidden * bytes,
                $"logits {entries}·(2·{bytes} + {PassesOfLossGradient}·{SingleBytes} bytes) and norm 4·{states}·{bytes} bytes", "B"),
            TrafficOfWeights = Quantity.Of(
                2.0 * model.Vocabulary * model.Hidden * request.Optimizer.GradientBytes / tensor,
                $"gradients of weights 2·{model.Vocabulary}·{model.Hidden}·{request.Optimizer.GradientBytes} bytes{Over(tensor)}", "B"),
            Activation = Quantity.Of(
                logits * SingleBytes + 2 * hidden * bytes, $"logits {entries}·{SingleBytes} bytes + norm and product 2·{states}·{bytes} bytes", "B"),
            Retained = Quantity.Of(
                logits * bytes + hidden * bytes, $"gradients of logits {entries}·{bytes} bytes + input {states}·{bytes} bytes", "B"),
        };
    }

    private static string Over(int parts) => parts == 1 ? "" : $"/{parts}";
}
