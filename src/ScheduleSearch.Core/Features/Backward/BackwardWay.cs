namespace ScheduleSearch.Core.Features.Backward;

/// <summary>How backwards are carried out, where it is not left to <c>options.splitBackward</c> alone.</summary>
public sealed record BackwardWay
{
    /// <summary>
    /// <c>split</c>, as <c>options.splitBackward: true</c>; <c>fused</c>, as <c>false</c>, with <c>times.backward</c> where that is given; or <c>search</c>,
    /// which solve alone takes: both are tried, and the better one is taken.
    /// </summary>
    /// <example>search</example>
    public required BackwardChoice Choose { get; init; }
}
