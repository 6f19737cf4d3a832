namespace ScheduleSearch.Core.Traces;

/// <summary>The step of a run that is shown beside its replays.</summary>
public sealed record StepChoice
{
    /// <summary>Its number in the run. Left out, the step whose length is nearest to the median.</summary>
    /// <example>3</example>
    public int? Step { get; init; }

    /// <summary>The data-parallel replica. Left out, any.</summary>
    /// <example>0</example>
    public int? Replica { get; init; }
}
