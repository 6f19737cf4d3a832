namespace ScheduleSearch.Core.Features.Backward;

/// <summary>How the backwards of all stages are carried out.</summary>
public enum BackwardChoice
{
    /// <summary>In halves: the weight gradient may be scheduled apart from the input gradient.</summary>
    Split,

    /// <summary>Each as one operation.</summary>
    Fused,

    /// <summary>Both ways are tried, and the better one is taken.</summary>
    Search,
}
