using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Instructions.Runtimes;

/// <summary>A training runtime that runs schedules of this service: the formats that it reads, and what it asks of schedules beside them.</summary>
public sealed record TrainingRuntime
{
    /// <summary>The name that requests give it, in lower case with hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>The names of the formats that it reads, the one that is linked to first.</summary>
    public required IReadOnlyList<string> Formats { get; init; }

    /// <summary>Whether it can run the two halves of a backward apart. Default: yes.</summary>
    public bool SplitsBackward { get; init; } = true;

    /// <summary>Why it runs no schedule of a problem though a format carries some; null when it may. Default: no reason.</summary>
    public Func<Problem, FormatRefusal?> WhyNone { get; init; } = _ => null;
}
