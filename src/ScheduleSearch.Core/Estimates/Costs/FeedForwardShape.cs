using ScheduleSearch.Core.Estimates.Requests;

namespace ScheduleSearch.Core.Estimates.Costs;

/// <summary>A layer's feed-forward: dense, or experts and a router.</summary>
/// <param name="Dense">The width that every token passes: a dense feed-forward's, or that of shared experts.</param>
/// <param name="Expert">The width of a routed expert, 0 where there are none.</param>
/// <param name="Experts">E: routed experts.</param>
/// <param name="TopK">k: experts of a token.</param>
/// <param name="Gated">Whether there is a gate.</param>
/// <param name="Biased">Whether its products add a bias.</param>
/// <param name="Hidden">h.</param>
internal sealed record FeedForwardShape(long Dense, long Expert, long Experts, long TopK, bool Gated, bool Biased, long Hidden)
{
    /// <summary>Products of one feed-forward: up, down, and the gate.</summary>
    public int Products => Gated ? 3 : 2;

    /// <summary>Whether tokens are sent to experts.</summary>
    public bool IsRouted => Experts > 0;

    /// <summary>Parameters that every device of the expert-parallel group has.</summary>
    public decimal Parameters => Of(Dense) + (decimal)Experts * Hidden;

    /// <summary>Parameters of one routed expert.</summary>
    public decimal ParametersOfExpert => Of(Expert);

    /// <summary>The feed-forward of a layer.</summary>
    public static FeedForwardShape Of(ModelSizes model, bool routed)
    {
        var dense = model.FeedForward ?? 4 * model.Hidden;
        var biased = model.Biases == BiasKind.All;
        return routed && model.Experts is { } experts
            ? new(experts.SharedFeedForward, experts.FeedForward ?? dense, experts.Count, experts.TopK, model.Gated, biased, model.Hidden)
            : new(dense, 0, 0, 0, model.Gated, biased, model.Hidden);
    }

    private decimal Of(long width) => width == 0 ? 0 : (decimal)Products * Hidden * width + (Biased ? width + Hidden : 0);
}
