namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>How MoE layers are carried out.</summary>
public sealed record ExpertOptions
{
    /// <summary>
    /// Rows that each expert computes for each token that it would get if all got as many, from 0.1 to 100: padding and imbalance above 1, dropped tokens
    /// below. Default 1.
    /// </summary>
    public decimal CapacityFactor { get; init; } = 1;

    /// <summary>How tokens reach their experts. Default all-to-all.</summary>
    public ExpertDispatch Dispatch { get; init; }

    /// <summary>
    /// Parts in which tokens are sent and computed one after the other, so that one part travels while another is computed (Tutel's pipelining degree, FSMoE),
    /// from 1 to 64. Default 1: nothing overlaps.
    /// </summary>
    public int OverlapDegree { get; init; } = 1;

    /// <summary>
    /// Experts of other devices that each device gathers for a layer's forward and again for its backward, so that popular ones stand on more devices (fully
    /// sharded sparse data parallelism, Hecate), from 0 to 65,536: with all-to-all alone, and no more than other devices have. What that evens out is for
    /// <c>capacityFactor</c> to say. Default 0.
    /// </summary>
    public int Materialized { get; init; }
}
