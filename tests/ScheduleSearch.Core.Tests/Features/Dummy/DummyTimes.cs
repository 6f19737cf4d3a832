using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Tests.Features.Dummy;

/// <summary>The section of a feature that the service does not have.</summary>
public sealed record DummyTimes
{
    /// <summary>A time of each stage.</summary>
    public required StageValues Pause { get; init; }

    /// <summary>An amount of memory of each stage.</summary>
    public StageValues? Cushion { get; init; }

    /// <summary>How many there are.</summary>
    public int Count { get; init; } = 1;
}
