using ScheduleSearch.Core.Estimates.Requests;

namespace ScheduleSearch.Core.Estimates.Costs;

/// <summary>
/// A decoder layer: norm, attention, norm, feed-forward. Activations as Korthikanti et al. (arXiv 2205.05198) count them, with grouped queries and gates:
/// for a = heads, f = 4h, two bytes and dropout they are their s b h (34 + 5 a s / h).
/// </summary>
internal sealed class DecoderLayer(EstimateRequest request, FeedForwardShape feedForward)
{
    /// <summary>Reads and writes of the hidden state a token: two norms read and write it, two sums read twice and write.</summary>
    private const int PassesOfHidden = 10;

    /// <summary>Reads and writes of queries and keys by the rotation.</summary>
    private const int PassesOfRotation = 2;

    /// <summary>Reads and writes of a token's row at its expert: gathered before and put back after, each read and written.</summary>
    private const int PassesOfRouting = 4;

    private readonly EagerScores _scores = new(request);
    private readonly AttentionShape _attention = new(request.Model);
    private readonly double _tokens = request.Tokens;
    private readonly int _bytes = request.ActivationBytes;
    private readonly int _tensor = request.Parallel.Tensor, _whole = request.Parallel.Whole;
    private readonly long _hidden = request.Model.Hidden;
    private readonly double _routed = feedForward.TopK * (double)request.Moe.CapacityFactor;

    /// <summary>The layer's work.</summary>
    public LayerWork Work(string name, LayerKind kind, int count) => new()
    {
        Name = name,
        Kind = kind,
        Count = count,
        Parameters = _attention.Matrices.Sum(matrix => matrix.Parameters) + _attention.NormParameters + feedForward.Parameters
            + 2 * NormParameters(request.Model),
        ExpertParameters = feedForward.Experts * feedForward.ParametersOfExpert,
        Products = Products(),
        Experts = feedForward.IsRouted ? Experts() : Quantity.None,
        Scores = Scores(2, request.Attention == AttentionKernel.Flash),
        // Two products become four gradients; blocks make the first of the two again.
        ScoresBackward = Scores(request.Attention == AttentionKernel.Flash ? 5 : 4, request.Attention == AttentionKernel.Flash),
        Traffic = Traffic(1),
        ScoreTraffic = _scores.Forward,
        TrafficBackward = Traffic(2) + _scores.Backward,
        TrafficOfWeights = GradientTraffic(),
        Collectives = Collectives(),
        Exchange = Exchange(),
        Activation = request.Recompute == Recomputation.Full ? Input() : Activation(),
        Remade = (request.Recompute == Recomputation.Full ? Activation().Value : 0)
            + Gathered * (request.ActivationBytes + request.Optimizer.GradientBytes),
        Gather = Travel("gathered", request.ActivationBytes),
        Scatter = Travel("gradients of gathered", request.Optimizer.GradientBytes),
        AttentionProducts = Quantity.Of(
            2 * _tokens * _attention.Matrices.Sum(matrix => (double)matrix.Entries) / _tensor, "attention products", "FLOP"),
        Retained = Retained(),
    };

    /// <summary>Parameters of a norm: a weight for each entry, and a bias where all products have one.</summary>
    public static decimal NormParameters(ModelSizes model) => model.Biases == BiasKind.All ? 2 * model.Hidden : model.Hidden;

    private Quantity Products()
    {
        List<string> parts = [.. _attention.Matrices.Select(matrix => $"{matrix}")];
        var entries = _attention.Matrices.Sum(matrix => (double)matrix.Entries);
        if (feedForward.Dense > 0)
        {
            parts.Add($"feed-forward {feedForward.Products}·{_hidden}·{feedForward.Dense}");
            entries += (double)feedForward.Products * _hidden * feedForward.Dense;
        }

        if (feedForward.IsRouted)
        {
            parts.Add($"router {_hidden}·{feedForward.Experts}");
            entries += (double)_hidden * feedForward.Experts;
        }

        return Quantity.Of(2 * _tokens * entries / _tensor, $"products 2·{Tokens}·({string.Join(" + ", parts)}){Over(_tensor)}", "FLOP");
    }

    private Quantity Experts() => Quantity.Of(
        2 * _tokens * _routed * feedForward.Products * _hidden * feedForward.Expert / _tensor,
        $"experts 2·{Tokens}·{Routed}·{feedForward.Products}·{_hidden}·{feedForward.Expert}{Over(_tensor)}",
        "FLOP");

    /// <summary>Products of every token with every other one of its sequence, half of them under the causal mask where blocks beyond it are left out.</summary>
    private Quantity Scores(int products, bool halved)
    {
        var width = products / 2.0 * _attention.Heads * (_attention.KeyWidth + _attention.ValueWidth);
        // Of an odd number, one more is between queries and keys.
        if (products % 2 == 1) width = _attention.Heads * (products / 2 * (_attention.KeyWidth + _attention.ValueWidth) + _attention.KeyWidth);
        return Quantity.Of(
            2 * _tokens * request.Sequence * width * (halved ? 0.5 : 1) / _tensor,
            $"scores 2·{Tokens}·{request.Sequence}·{Quantity.Plain(width)}{(halved ? "·½ causal" : "")}{Over(_tensor)}",
            "FLOP");
    }

    private Quantity Traffic(int times)
    {
        var width = (double)PassesOfHidden * _hidden / _whole
            + (PassesOfRotation * (_attention.Queries + _attention.Keys) + _attention.Queries + _attention.Keys + _attention.Values + _attention.Outputs
                + (double)feedForward.Products * (feedForward.Dense + _routed * feedForward.Expert)) / _tensor
            + PassesOfRouting * _routed * _hidden / _whole;
        return Quantity.Of(times * _tokens * width * _bytes, $"memory {(times > 1 ? $"{times}·" : "")}{Tokens}·{Quantity.Plain(width)}·{_bytes} bytes", "B");
    }

    /// <summary>
    /// What weight gradients move beside their products: gradients of the layer's own weights are read and written, and where products have biases, what comes
    /// back of each is read once more to be summed.
    /// </summary>
    private Quantity GradientTraffic()
    {
        var dealt = request.Moe.Dispatch == ExpertDispatch.AllReduce ? 1 : request.Parallel.Expert;
        var entries = _attention.Matrices.Sum(matrix => (double)matrix.Entries)
            + (double)feedForward.Products * _hidden * (feedForward.Dense + (double)feedForward.Experts / dealt * feedForward.Expert);
        var bytes = request.Optimizer.GradientBytes;
        var sums = Quantity.Of(
            2 * entries * bytes / _tensor, $"gradients of weights 2·{Quantity.Plain(entries)}·{bytes} bytes{Over(_tensor)}", "B");
        var width = _attention.Matrices.Where(matrix => matrix.Biased).Sum(matrix => (double)matrix.Outputs)
            + (request.Model.Biases == BiasKind.All ? feedForward.Dense + _hidden : 0);
        return width == 0 ? sums : sums + Quantity.Of(
            _tokens * width * _bytes / _tensor, $"gradients of biases {Tokens}·{Quantity.Plain(width)}·{_bytes} bytes{Over(_tensor)}", "B");
    }

    /// <summary>
    /// An all-gather and a reduce-scatter around attention and around the feed-forward, or two all-reduces, which move as much; and keys and values around
    /// the ring of a sequence's devices.
    /// </summary>
    private Quantity Collectives()
    {
        var sum = Quantity.None;
        if (_tensor > 1)
        {
            var (bytes, rate) = (4.0 * (_tensor - 1) / _tensor * _tokens * _hidden * _bytes, request.Device.BandwidthWithin(_tensor));
            sum += Quantity.Of(
                bytes / (rate * 1e9),
                $"tensor parallel 4·({_tensor} − 1)/{_tensor}·{Tokens}·{_hidden}·{_bytes} bytes at {Quantity.Plain(rate)} GB/s", "s");
        }

        var context = request.Parallel.Context;
        if (context == 1) return sum;
        var (width, link) = (_attention.Keys + _attention.Values, request.Device.BandwidthToOne(_tensor * context));
        return sum + Quantity.Of(
            (context - 1) * _tokens * width * _bytes / _tensor / (link * 1e9),
            $"context parallel ({context} − 1)·{Tokens}·{width}·{_bytes} bytes{Over(_tensor)} at {Quantity.Plain(link)} GB/s", "s");
    }

    /// <summary>Parameters of the experts that a device gathers from others for a pass.</summary>
    private double Gathered => feedForward.IsRouted ? request.Moe.Materialized * (double)feedForward.ParametersOfExpert / _tensor : 0;

    /// <summary>Gathered experts, or their gradients on the way back: each a broadcast, or a sum, of its own (SparseAllGather, SparseReduceScatter).</summary>
    private Quantity Travel(string what, int bytes)
    {
        if (Gathered == 0) return Quantity.None;
        var rate = request.Device.BandwidthWithin(_tensor * request.Parallel.Expert);
        return Quantity.Of(
            Gathered * bytes / (rate * 1e9),
            $"{what} experts {request.Moe.Materialized}·{Quantity.Plain((double)feedForward.ParametersOfExpert)}·{bytes} bytes{Over(_tensor)} at "
            + $"{Quantity.Plain(rate)} GB/s",
            "s");
    }

    /// <summary>
    /// An all-to-all to the experts and one back, for the tokens whose experts do not stand on the device. Where they are reached by indexing, the
    /// feed-forward's own sum brings the tokens together.
    /// </summary>
    private Quantity Exchange()
    {
        var group = request.Parallel.Expert;
        if (!feedForward.IsRouted || group == 1 || request.Moe.Dispatch == ExpertDispatch.AllReduce) return Quantity.None;
        var rate = request.Device.BandwidthWithin(_tensor * group);
        var (gathered, all) = (request.Moe.Materialized, feedForward.Experts);
        var share = (double)(all - all / group - gathered) / all;
        var text = gathered == 0 ? $"({group} − 1)/{group}" : $"({all} − {all / group} − {gathered})/{all}";
        return Quantity.Of(
            2 * share * _tokens * _routed * _hidden * _bytes / _whole / (rate * 1e9),
            $"all-to-all 2·{text}·{Tokens}·{Routed}·{_hidden}·{_bytes} bytes{Over(_whole)} at {Quantity.Plain(rate)} GB/s", "s");
    }

    /// <summary>What is left of a layer that is made again.</summary>
    private Quantity Input() => Quantity.Of(_tokens * _hidden * _bytes / _whole, $"input of the layer {Tokens}·{_bytes}·{_hidden}{Over(_whole)}", "B");

    private Quantity Activation()
    {
        var whole = 4.0 * _bytes * _hidden + (request.Model.Dropout ? 2 * _hidden : 0) + 2.0 * _bytes * _attention.Latents
            + _routed * 2 * _bytes * _hidden + (feedForward.IsRouted ? 4 * feedForward.Experts : 0);
        var (divided, scores) = ((double)_bytes * (_attention.Queries + _attention.Keys + _attention.Values + _attention.Outputs
            + feedForward.Products * (feedForward.Dense + _routed * feedForward.Expert)), ScoreBytes());
        List<string> parts = [$"4·{_bytes}·{_hidden} at norms and products"];
        if (request.Model.Dropout) parts.Add($"2·{_hidden} masks");
        if (_attention.Latents > 0) parts.Add($"2·{_bytes}·{_attention.Latents} latents");
        if (feedForward.IsRouted) parts.Add($"{Routed}·2·{_bytes}·{_hidden} rows of experts + 4·{feedForward.Experts} of the router");
        var text = $"{Tokens}·(({string.Join(" + ", parts)}){Over(_whole)} + ({_bytes}·({_attention.Queries} + {_attention.Keys} + {_attention.Values} + "
            + $"{_attention.Outputs}) attention + {_bytes}·{feedForward.Products}·{Quantity.Plain(feedForward.Dense + _routed * feedForward.Expert)} "
            + $"feed-forward{scores.Formula}){Over(_tensor)})";
        return Quantity.Of(_tokens * (whole / _whole + (divided + scores.Value) / _tensor), text, "B");
    }

    /// <summary>What is kept of the scores of a token: all that is normalised and dropped out, or one logarithm a head.</summary>
    private Quantity ScoreBytes()
    {
        if (request.Attention == AttentionKernel.Flash) return new(4.0 * _attention.Heads, $" + 4·{_attention.Heads} logarithms");
        if (request.Recompute == Recomputation.Selective) return Quantity.None;
        var each = request.Model.Dropout ? 2 * _bytes + 1 : _bytes;
        return new((double)each * _attention.Heads * request.Sequence, $" + {each}·{_attention.Heads}·{request.Sequence} scores");
    }

    /// <summary>Inputs of the products, and gradients of what they make; of the usual transformer 32 bytes for each entry of the hidden state.</summary>
    private Quantity Retained()
    {
        var width = feedForward.Dense + _routed * feedForward.Expert;
        var rows = feedForward.IsRouted ? _routed : 0;
        var whole = 4.0 * _hidden + 2 * rows * _hidden;
        var divided = _attention.Outputs + _attention.Queries + _attention.Keys + _attention.Values + feedForward.Products * width;
        return Quantity.Of(
            _tokens * _bytes * (whole / _whole + divided / _tensor),
            $"inputs and gradients of products {Tokens}·{_bytes}·({Quantity.Plain(whole)}{Over(_whole)} + {Quantity.Plain(divided)}{Over(_tensor)})", "B");
    }

    private string Tokens => $"{Quantity.Plain(_tokens)} tokens";

    private string Routed => $"{feedForward.TopK}·{Quantity.Plain((double)request.Moe.CapacityFactor)}";

    private static string Over(int parts) => parts == 1 ? "" : $"/{parts}";
}
