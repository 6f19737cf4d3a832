namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>How attention is computed.</summary>
public enum AttentionKernel
{
    /// <summary>In blocks that stay on the chip (FlashAttention): no scores in memory; computed again in the backward, half of them under the mask.</summary>
    Flash,

    /// <summary>By one kernel after the other: all scores are written, masked, normalised and read.</summary>
    Eager,
}
