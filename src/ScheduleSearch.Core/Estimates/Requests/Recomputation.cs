namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>Which activations are made again in the backward in the place of being kept.</summary>
public enum Recomputation
{
    /// <summary>None.</summary>
    None,

    /// <summary>What attention makes between its projections.</summary>
    Selective,

    /// <summary>Everything but the input of each layer.</summary>
    Full,
}
