namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>How tokens reach their experts.</summary>
public enum ExpertDispatch
{
    /// <summary>By an all-to-all over the expert-parallel group before the experts and another one after them.</summary>
    AllToAll,

    /// <summary>
    /// By indexing: the experts stand on the group's own devices, each of which has all tokens, and an all-reduce adds up what they make, as in Pipeline MoE
    /// (PPMoE).
    /// </summary>
    AllReduce,
}
