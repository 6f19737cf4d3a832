using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Profiles;

/// <summary>The sections that every profile may have, whatever its features.</summary>
internal static class CoreSections
{
    /// <summary>The shape of the pipeline.</summary>
    public static PipelineSection Pipeline { get; } = new();

    /// <summary>The times.</summary>
    public static TimesSection Times { get; } = new();

    /// <summary>The memory.</summary>
    public static MemorySection Memory { get; } = new();

    /// <summary>All of them, in the order of JSON and of the id.</summary>
    public static ImmutableArray<IProfileSection> All { get; } = [Pipeline, Times, Memory];
}
