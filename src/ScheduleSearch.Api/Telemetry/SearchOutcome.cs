namespace ScheduleSearch.Api.Telemetry;

/// <summary>How searches end, as metrics name it.</summary>
internal static class SearchOutcome
{
    /// <summary>Proved that nothing is better.</summary>
    public const string Optimal = "optimal";

    /// <summary>Within the gap that was asked for.</summary>
    public const string TargetGap = "target-gap";

    /// <summary>The budget was spent and a gap is left.</summary>
    public const string Budget = "budget";

    /// <summary>Somebody stopped it, or the service stops.</summary>
    public const string Canceled = "canceled";

    /// <summary>Its child process ended first.</summary>
    public const string ChildLost = "child-lost";

    /// <summary>It ended by a defect.</summary>
    public const string Failed = "failed";
}
