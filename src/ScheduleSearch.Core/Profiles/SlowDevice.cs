namespace ScheduleSearch.Core.Profiles;

/// <summary>A device that is slower than the profile says, or faster.</summary>
public sealed record SlowDevice
{
    /// <summary>The device, from 0.</summary>
    /// <example>2</example>
    public required int Device { get; init; }

    /// <summary>What all of its durations are multiplied by, above 0 and at most 100.</summary>
    /// <example>1.1</example>
    public required double Factor { get; init; }
}
