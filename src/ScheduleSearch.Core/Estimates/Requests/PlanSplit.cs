namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>How the layers of plans are dealt out to stages.</summary>
public enum PlanSplit
{
    /// <summary>The formula takes the split whose busiest rank has least to do, and searches try splits.</summary>
    Search,

    /// <summary>As many decoder layers for each stage, the first ones one more where some are left over.</summary>
    Even,
}
