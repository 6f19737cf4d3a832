namespace ScheduleSearch.Core.Features.Overlap;

/// <summary>
/// What one device takes for a forward and the whole backward of another microbatch when the two are carried out together: communication of
/// one hides behind arithmetic of the other. Give either <c>duration</c> or <c>gain</c>. Source: DeepSeek-AI, DualPipe, github.com/deepseek-ai/DualPipe.
/// </summary>
public sealed record OverlapTimes
{
    /// <summary>
    /// The time of a pair: one number, or S numbers by the stage of the forward, or S rows of S numbers (row: stage of the forward, column: stage of the
    /// backward). At least the longer of the two, at most their sum; one that is not in a matrix counts for every backward on the forward's device, up to the
    /// sum of the two. In a matrix only stages that share a device count, and of those the backwards that there are: any number will do elsewhere.
    /// </summary>
    /// <example>2.5</example>
    public PairValues? Duration { get; init; }

    /// <summary>
    /// The share, from 0 to 1, of the shorter of the two that a pair saves: it takes forward + backward - gain x min(forward, backward). One number, or S
    /// numbers by the stage of the forward, or S rows of S numbers (row: stage of the forward, column: stage of the backward).
    /// </summary>
    /// <example>0.4</example>
    public PairValues? Gain { get; init; }
}
