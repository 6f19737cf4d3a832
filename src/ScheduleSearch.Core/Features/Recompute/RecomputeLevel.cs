using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Recompute;

/// <summary>One way to keep less of an activation, such as selective or full recomputation.</summary>
public sealed record RecomputeLevel
{
    /// <summary>The time of recomputing, in the unit of <c>times</c>: one number or S numbers. Default: that of the forward.</summary>
    /// <example>0.3</example>
    public StageValues? Time { get; init; }

    /// <summary>
    /// The part of the activation that is kept from the forward on, in the unit of <c>memory</c>: one number or S numbers, at most the activation.
    /// </summary>
    /// <example>0.6</example>
    public required StageValues Kept { get; init; }
}
