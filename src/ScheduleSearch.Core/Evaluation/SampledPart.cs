namespace ScheduleSearch.Core.Evaluation;

/// <summary>What measured durations of an operation are samples of.</summary>
internal enum SampledPart
{
    /// <summary>It is not sampled.</summary>
    None,

    /// <summary>A forward.</summary>
    Forward,

    /// <summary>An input gradient.</summary>
    BackwardInput,

    /// <summary>A weight gradient.</summary>
    BackwardWeight,
}
