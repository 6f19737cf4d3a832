using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Vocabulary;

/// <summary>
/// The layer that turns the last hidden state into logits over the vocabulary, and the input embedding. In shards, each device computes its part of
/// both for every microbatch. Source: Yeung et al., Balancing Pipeline Parallelism with Vocabulary Parallelism, arXiv:2411.05288.
/// </summary>
/// <remarks>
/// Either <c>forward</c> and <c>backward</c> state the times, or <c>hidden</c>, <c>sequence</c>, <c>microbatchSize</c> and <c>flopsPerSecond</c>, from
/// which they follow: 6 b s h V floating-point operations of a microbatch for the output layer, a third of them for the logits, and 3 b s h for
/// the input embedding.
/// </remarks>
public sealed record VocabularyLayer
{
    /// <summary>V: the entries of the vocabulary. Shards differ by one entry where it is not divisible by the devices.</summary>
    /// <example>128256</example>
    public required int Size { get; init; }

    /// <summary>How the layers stand on the devices. Default: whichever has the best schedule.</summary>
    /// <example>one-barrier</example>
    public VocabularyParallel Parallel { get; init; } = VocabularyParallel.Search;

    /// <summary>
    /// The time of one device's pass before the (first) barrier on one microbatch: one number or p numbers. Whole, the last stage's forward takes the sum.
    /// </summary>
    /// <example>0.5</example>
    public StageValues? Forward { get; init; }

    /// <summary>
    /// The time of one device's pass after the (first) barrier on one microbatch: one number or p numbers. Whole, both gradients of the last stage
    /// share the sum.
    /// </summary>
    /// <example>1</example>
    public StageValues? Backward { get; init; }

    /// <summary>The latency of a barrier: from the end of the last device's pass until its result is there. Default 0.</summary>
    /// <example>0.02</example>
    public decimal Barrier { get; init; }

    /// <summary>
    /// The memory that a device holds of a microbatch from the start of the pass before the barrier to the end of the pass after it, its shard of the
    /// logits: one number or p numbers. Default: 0, or 4 bytes for each logit where the times follow from <c>hidden</c>. Whole, it is a part of the
    /// last stage's activation and not added here.
    /// </summary>
    /// <example>16</example>
    public StageValues? Activation { get; init; }

    /// <summary>
    /// The time of one device's share of the input embedding on one microbatch, its gradient included: one number or p numbers. Default: none. Whole,
    /// the first stage's forward takes the sum.
    /// </summary>
    /// <example>0.01</example>
    public StageValues? Input { get; init; }

    /// <summary>h: the width of the hidden state.</summary>
    /// <example>4096</example>
    public int? Hidden { get; init; }

    /// <summary>s: the tokens of a sequence.</summary>
    /// <example>4096</example>
    public int? Sequence { get; init; }

    /// <summary>b: the sequences of a microbatch.</summary>
    /// <example>1</example>
    public int? MicrobatchSize { get; init; }

    /// <summary>The floating-point operations that a device carries out in a second of such a layer.</summary>
    /// <example>200000000000000</example>
    public decimal? FlopsPerSecond { get; init; }

    /// <summary>Whether the times follow from the shape of the layer.</summary>
    internal bool IsByShape => Hidden is not null;
}
