using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Profiles;

/// <summary>What a training launcher knows of its pipeline, exactly as it states it.</summary>
public sealed partial record Profile
{
    /// <summary>A label for people; no part of the problem.</summary>
    /// <example>gpt-1.5b</example>
    public string? Name { get; init; }

    /// <summary>
    /// <c>forward</c> for forwards alone, as in an evaluation; <c>train</c> where every stage that <c>frozen</c> does not name has a backward. Absent: first
    /// stages whose gradients take no time have none.
    /// </summary>
    /// <example>train</example>
    public IterationMode? Mode { get; init; }

    /// <summary>Devices, chunks, placement and microbatches.</summary>
    public required PipelineShape Pipeline { get; init; }

    /// <summary>The time of each operation of a stage on one microbatch, and of a message between devices.</summary>
    public required OperationTimes Times { get; init; }

    /// <summary>What a device may hold and what a forward leaves there. Absent: unlimited.</summary>
    public ActivationMemory? Memory { get; init; }

    /// <summary>The sections of features.</summary>
    internal SectionBag Sections { get; init; } = SectionBag.Empty;

    /// <summary>The section that a feature has in the profile; null when it has none.</summary>
    /// <typeparam name="T">The type of the section.</typeparam>
    public T? Find<T>()
        where T : class => (T?)Sections.Find(typeof(T));

    /// <summary>The same profile with another section of a feature, or without one when it is null.</summary>
    /// <typeparam name="T">The type of the section.</typeparam>
    public Profile With<T>(T? section)
        where T : class => this with { Sections = Sections.With(typeof(T), section) };
}
