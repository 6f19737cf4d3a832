using System.Collections.Immutable;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Traces;

/// <summary>The files of a run, and what they do not say.</summary>
public sealed record ImportRequest
{
    /// <summary>What the profile is called.</summary>
    public string? Name { get; init; }

    /// <summary>The files, at least one.</summary>
    public required ImmutableArray<TraceFile> Files { get; init; }

    /// <summary>The first steps that are left out; null for those that take more than one and a half times the median.</summary>
    public int? WarmUpSteps { get; init; }

    /// <summary>The pipeline of a run whose files do not tell it, as logs without their arguments; null where they do.</summary>
    public PipelineShape? Pipeline { get; init; }

    /// <summary>The step that is shown beside its replays; null for none.</summary>
    public StepChoice? Show { get; init; }

    /// <summary>The unit of times in tables, which do not say it.</summary>
    public TimeUnit TimeUnit { get; init; } = TimeUnit.ms;
}
