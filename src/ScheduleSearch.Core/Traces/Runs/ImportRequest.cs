using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>The files of a run, and what they do not say.</summary>
public sealed record ImportRequest
{
    /// <summary>What the profile is called.</summary>
    public string? Name { get; init; }

    /// <summary>The files, at least one.</summary>
    public required ImmutableArray<TraceFile> Files { get; init; }

    /// <summary>The first steps that are left out; null for those that take more than one and a half times the median.</summary>
    public int? WarmUpSteps { get; init; }

    /// <summary>The unit of times in tables, which do not say it.</summary>
    public TimeUnit TimeUnit { get; init; } = TimeUnit.ms;
}
