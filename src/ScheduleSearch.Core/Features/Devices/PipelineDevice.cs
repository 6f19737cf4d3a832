namespace ScheduleSearch.Core.Features.Devices;

/// <summary>
/// One of unequal devices of the pipeline. Sources: Yang et al., Holmes, arXiv:2312.03549, for unequal speeds; Guo et al., Cephalo, arXiv:2411.01075, for
/// speed and memory that differ each by itself.
/// </summary>
public sealed record PipelineDevice
{
    /// <summary>
    /// By what the times of the stages on it are divided, from 0.001 to 1000 with at most three decimals: 2 for a device that is twice as fast as the one
    /// that the times are of. Default 1.
    /// </summary>
    /// <example>1.5</example>
    public decimal? Speed { get; init; }

    /// <summary>
    /// What it may hold of activations, above 0, in the unit of <c>memory</c> and in the place of <c>memory.limit</c>: given for every device or for none.
    /// </summary>
    /// <example>24</example>
    public decimal? Memory { get; init; }
}
